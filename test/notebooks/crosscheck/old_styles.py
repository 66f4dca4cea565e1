"""Old names of Matplotlib's styles, which many notebooks still set in their first cell."""

from matplotlib import style

for name in list(style.library):
    if name.startswith("seaborn-v0_8"):
        style.library[name.replace("seaborn-v0_8", "seaborn")] = style.library[name]
style.available[:] = sorted(style.library)
