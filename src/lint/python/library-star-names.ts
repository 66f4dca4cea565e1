/**
 * What `from module import *` binds, for libraries that people import so.
 *
 * As of NumPy 2.4 and 2.5, and of Matplotlib 3.11. Other versions have more, or fewer, so that these are names that are there, and others may be.
 */
const TABLE = `
numpy: False_ ScalarType True_ abs absolute acos acosh add all allclose amax amin angle any append apply_along_axis apply_over_axes arange
  arccos arccosh arcsin arcsinh arctan arctan2 arctanh argmax argmin argpartition argsort argwhere around array array2string array_equal
  array_equiv array_repr array_split array_str asanyarray asarray asarray_chkfinite ascontiguousarray asfortranarray asin asinh asmatrix
  astype atan atan2 atanh atleast_1d atleast_2d atleast_3d average bartlett base_repr binary_repr bincount bitwise_and bitwise_count
  bitwise_invert bitwise_left_shift bitwise_not bitwise_or bitwise_right_shift bitwise_xor blackman block bmat bool bool_ broadcast
  broadcast_arrays broadcast_shapes broadcast_to busday_count busday_offset busdaycalendar byte bytes_ c_ can_cast cbrt cdouble ceil char
  character choose clip clongdouble column_stack common_type complex128 complex256 complex64 complexfloating compress concat concatenate
  conj conjugate convolve copy copysign copyto core corrcoef correlate cos cosh count_nonzero cov cross csingle ctypeslib cumprod cumsum
  cumulative_prod cumulative_sum datetime64 datetime_as_string datetime_data deg2rad degrees delete diag diag_indices diag_indices_from
  diagflat diagonal diff digitize divide divmod dot double dsplit dstack dtype dtypes e ediff1d einsum einsum_path emath empty empty_like
  equal errstate euler_gamma exceptions exp exp2 expand_dims expm1 extract eye f2py fabs fft fill_diagonal finfo fix flatiter flatnonzero
  flexible flip fliplr flipud float128 float16 float32 float64 float_power floating floor floor_divide fmax fmin fmod
  format_float_positional format_float_scientific frexp from_dlpack frombuffer fromfile fromfunction fromiter frompyfunc fromregex
  fromstring full full_like gcd generic genfromtxt geomspace get_include get_printoptions getbufsize geterr geterrcall gradient greater
  greater_equal half hamming hanning heaviside histogram histogram2d histogram_bin_edges histogramdd hsplit hstack hypot i0 identity iinfo
  imag index_exp indices inexact inf info inner insert int16 int32 int64 int8 int_ intc integer interp intersect1d intp invert is_busday
  isclose iscomplex iscomplexobj isdtype isfinite isfortran isin isinf isnan isnat isneginf isposinf isreal isrealobj isscalar issubdtype
  iterable ix_ kaiser kron lcm ldexp left_shift less less_equal lexsort lib linalg linspace little_endian load loadtxt log log10 log1p
  log2 logaddexp logaddexp2 logical_and logical_not logical_or logical_xor logspace long longdouble longlong ma mask_indices matmul matrix
  matrix_transpose matvec max maximum may_share_memory mean median memmap meshgrid mgrid min min_scalar_type minimum mintypecode mod modf
  moveaxis multiply nan nan_to_num nanargmax nanargmin nancumprod nancumsum nanmax nanmean nanmedian nanmin nanpercentile nanprod
  nanquantile nanstd nansum nanvar ndarray ndenumerate ndim ndindex nditer negative nested_iters newaxis nextafter nonzero not_equal
  number object_ ogrid ones ones_like outer packbits pad partition percentile permute_dims pi piecewise place poly poly1d polyadd polyder
  polydiv polyfit polyint polymul polynomial polysub polyval positive pow power printoptions prod promote_types ptp put put_along_axis
  putmask quantile r_ rad2deg radians random ravel ravel_multi_index real real_if_close rec recarray reciprocal record remainder repeat
  require reshape resize result_type right_shift rint roll rollaxis roots rot90 round s_ save savetxt savez savez_compressed sctypeDict
  searchsorted select set_printoptions setbufsize setdiff1d seterr seterrcall setxor1d shape shares_memory short show_config show_runtime
  sign signbit signedinteger sin sinc single sinh size sort sort_complex spacing split sqrt square squeeze stack std str_ strings subtract
  sum swapaxes take take_along_axis tan tanh tensordot test testing tile timedelta64 trace transpose trapezoid tri tril tril_indices
  tril_indices_from trim_zeros triu triu_indices triu_indices_from true_divide trunc typecodes typename typing ubyte ufunc uint uint16
  uint32 uint64 uint8 uintc uintp ulong ulonglong union1d unique unique_all unique_counts unique_inverse unique_values unpackbits
  unravel_index unsignedinteger unstack unwrap ushort vander var vdot vecdot vecmat vectorize void vsplit vstack where zeros zeros_like
matplotlib.pyplot: AbstractContextManager Annotation Arrow Artist AutoLocator AxLine Axes BackendFilter Button Circle Colorizer
  ColorizingArtist Colormap Enum ExitStack Figure FigureBase FigureCanvasBase FigureManagerBase FixedFormatter FixedLocator
  FormatStrFormatter Formatter FuncFormatter GridSpec IO IndexLocator Line2D LinearLocator Locator LogFormatter LogFormatterExponent
  LogFormatterMathtext LogLocator MaxNLocator MouseButton MultipleLocator Normalize NullFormatter NullLocator PolarAxes Polygon Rectangle
  ScalarFormatter Slider Subplot SubplotSpec TYPE_CHECKING Text TickHelper Widget acorr angle_spectrum annotate annotations arrow
  autoscale autumn available_backends axes axhline axhspan axis axline axvline axvspan backend_registry bar bar_label barbs barh bone box
  boxplot broken_barh cast cbook cla clabel clf clim close cm cohere color_sequences colorbar colormaps connect contour contourf cool
  copper csd cycler delaxes disconnect draw draw_all draw_if_interactive ecdf errorbar eventplot figaspect figimage figlegend
  fignum_exists figtext figure fill fill_between fill_betweenx findobj flag functools gca gcf gci get get_backend get_cmap
  get_current_fig_manager get_figlabels get_fignums get_plot_commands get_scale_names getp ginput gray grid grouped_bar hexbin hist hist2d
  hlines hot hsv importlib imread imsave imshow inferno inspect install_repl_displayhook interactive ioff ion isinteractive jet legend
  locator_params logging loglog magma magnitude_spectrum margins matplotlib matshow minorticks_off minorticks_on mlab new_figure_manager
  nipy_spectral np overload pause pcolor pcolormesh phase_spectrum pie pie_label pink plasma plot polar prism psd quiver quiverkey rc
  rcParams rcParamsDefault rcParamsOrig rc_context rcdefaults rcsetup requested_backend rgrids savefig sca scatter sci semilogx semilogy
  set_cmap set_loglevel setp show specgram spring spy stackplot stairs stem step streamplot style subplot subplot2grid subplot_mosaic
  subplot_tool subplots subplots_adjust summer suptitle switch_backend sys table text thetagrids threading tick_params ticklabel_format
  tight_layout time title tricontour tricontourf tripcolor triplot twinx twiny uninstall_repl_displayhook violinplot viridis vlines
  waitforbuttonpress winter xcorr xkcd xlabel xlim xscale xticks ylabel ylim yscale yticks
pylab: BitGenerator DAILY DateFormatter DateLocator DayLocator FR Generator HOURLY HourLocator LinAlgError MINUTELY MO MONTHLY MT19937
  MinuteLocator MonthLocator PCG64 PCG64DXSM Philox RRuleLocator RandomState SA SECONDLY SFC64 SU SecondLocator SeedSequence TH TU WE
  WEEKLY WeekdayLocator YEARLY YearLocator beta binomial bytes chisquare choice cholesky cond date2num datestr2num datetime default_rng
  det detrend detrend_linear detrend_mean detrend_none dirichlet drange eig eigh eigvals eigvalsh exponential f fft2 fftfreq fftn fftshift
  flatten gamma geometric get_state gumbel hfft hypergeometric ifft ifft2 ifftn ifftshift ihfft inv irfft irfft2 irfftn laplace logistic
  lognormal logseries lstsq matrix_norm matrix_power matrix_rank mpl multi_dot multinomial multivariate_normal negative_binomial
  noncentral_chisquare noncentral_f norm normal num2date pareto permutation pinv plt poisson qr rand randint randn random_integers
  random_sample ranf rayleigh relativedelta rfft rfft2 rfftfreq rfftn rrule sample seed set_state shuffle silent_list slogdet solve
  standard_cauchy standard_exponential standard_gamma standard_normal standard_t svd svdvals tensorinv tensorsolve triangular uniform
  vector_norm vonmises wald weibull window_hanning window_none zipf
`;

const PARTS = new Map(
  TABLE.trim()
    .split(/\n(?! )/)
    .map(entry => {
      const [module, names] = entry.split(': ');
      return [module, names.trim().split(/\s+/)] as const;
    })
);

/** Pylab is a few names beside those of NumPy and of Matplotlib. */
const PYLAB = ['numpy', 'matplotlib.pyplot', 'pylab'];

/** Names that `from module import *` binds, others perhaps; none where nothing is known of the module. */
export function libraryStarNames(module: string): readonly string[] {
  const isPylab = module === 'pylab' || module === 'matplotlib.pylab';
  const parts = isPylab ? PYLAB : [module];
  return [...new Set(parts.flatMap(part => PARTS.get(part) ?? []))];
}
