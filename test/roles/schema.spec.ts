/** @jest-environment jsdom */
import { CommandIDs } from '../../src/roles/commands';
import { SUGGEST_ROLES } from '../../src/roles/suggest-command';
import { ViewCommandIDs } from '../../src/roles/view-commands';
import { ROLES } from '../../src/workload/roles';
import schema from '../../schema/plugins/roles.json';

/** All objects in a JSON value that name a command. */
function commandsIn(value: unknown): { command: string; args?: object }[] {
  if (typeof value !== 'object' || value === null) {
    return [];
  }
  const own =
    'command' in value && typeof value.command === 'string'
      ? [value as { command: string; args?: object }]
      : [];
  return [...own, ...Object.values(value).flatMap(commandsIn)];
}

describe('the settings of roles', () => {
  it('name commands that are there, with roles that are', () => {
    const used = commandsIn(schema);
    expect(used.length).toBeGreaterThan(20);
    const known: readonly string[] = [
      ...Object.values(CommandIDs),
      ...Object.values(ViewCommandIDs),
      SUGGEST_ROLES
    ];
    const roles: readonly unknown[] = [...ROLES, 'none', undefined];
    for (const { command, args } of used) {
      expect(known).toContain(command);
      expect(roles).toContain(args && 'role' in args ? args.role : undefined);
    }
  });

  it('have keys that are each for one thing, plain letters in command mode only', () => {
    const shortcuts = schema['jupyter.lab.shortcuts'];
    const used = new Map<string, string>();
    for (const { keys, command, args } of shortcuts) {
      // The same at several places is one thing.
      const action = JSON.stringify([command, args]);
      expect(used.get(keys.join(' ')) ?? action).toBe(action);
      used.set(keys.join(' '), action);
    }
    for (const { selector, keys: own } of shortcuts) {
      if (!/Alt|Ctrl|Accel|F\d/.test(own[0])) {
        expect(selector).toBe(
          '.jp-Notebook.jp-mod-commandMode:not(.jp-mod-readWrite) :focus'
        );
      }
    }
  });

  it('offer choices of which the default is one', () => {
    for (const setting of Object.values(schema.properties)) {
      if ('oneOf' in setting) {
        expect(setting.oneOf.map(each => each.const)).toContain(
          setting.default
        );
      }
    }
  });
});
