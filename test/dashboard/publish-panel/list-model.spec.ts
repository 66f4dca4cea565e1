import { DashboardListModel } from '../../../src/dashboard/list/list-model';
import type { IDashboard } from '../../../src/server/dashboards';

const ONE = { id: 'a', publishing: null } as IDashboard;

/** Wait until something holds. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) {
    await new Promise(resolve => setTimeout(resolve, 5));
  }
}

describe('DashboardListModel', () => {
  it('asks when it comes into sight, and after each change', async () => {
    let asked = 0;
    const changed: string[] = [];
    const model = new DashboardListModel({
      ask: () => {
        asked++;
        return Promise.resolve([ONE]);
      },
      rollBack: id => Promise.resolve(void changed.push(`back ${id}`)),
      forget: id => Promise.resolve(void changed.push(`forget ${id}`))
    });
    expect(model.dashboards).toBeNull();
    model.isActive = true;
    await until(() => model.dashboards !== null);
    expect(model.dashboards).toEqual([ONE]);
    const before = asked;
    await model.rollBack(ONE);
    await model.forget(ONE);
    expect(changed).toEqual(['back a', 'forget a']);
    expect(asked).toBeGreaterThanOrEqual(before + 2);
    model.dispose();
    const last = asked;
    model.refresh();
    model.isActive = true;
    await new Promise(resolve => setTimeout(resolve, 50));
    expect(asked).toBe(last);
  });

  it('keeps the list, and says what went wrong', async () => {
    let fails = false;
    const refuse = () =>
      fails ? Promise.reject(new Error('No.')) : Promise.resolve();
    const model = new DashboardListModel({
      ask: () => refuse().then(() => [ONE]),
      rollBack: () => Promise.reject(new Error('No good version.')),
      forget: refuse
    });
    model.isActive = true;
    await until(() => model.dashboards !== null);
    await model.rollBack(ONE);
    expect(model.problem).toBe('No good version.');
    fails = true;
    model.refresh();
    await until(() => model.problem === 'No.');
    expect(model.dashboards).toEqual([ONE]);
    model.dispose();
  });
});
