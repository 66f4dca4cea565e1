import { ROLES } from '../../workload/roles';

/**
 * Hand the user's colors of roles to the style sheets, as variables at the body; what is no color leaves the default.
 *
 * @param colors Of the settings: a CSS color by role; an empty text is none.
 */
export function applyRoleColors(colors: unknown): void {
  const { style } = document.body;
  for (const role of ROLES) {
    const color: unknown =
      typeof colors === 'object' && colors !== null
        ? Reflect.get(colors, role)
        : undefined;
    const name = `--jp-WorkloadRoles-user-${role}`;
    if (typeof color === 'string' && isColor(color)) {
      style.setProperty(name, color);
    } else {
      style.removeProperty(name);
    }
  }
}

/** A plain color: nothing else can come in, neither an address nor another property. */
function isColor(text: string): boolean {
  return (
    /^(#[0-9a-f]{3,8}|[a-z]+)$/i.test(text.trim()) ||
    /^(rgb|hsl|hwb|lab|lch|oklab|oklch)a?\([\d\s.,%/a-z+-]*\)$/i.test(
      text.trim()
    )
  );
}
