import type { IActivity } from './activity';
import type { Footprints, IFootprint } from './footprints';
import { Names } from './names';
import { PACKAGE_NAMES } from './packages';
import {
  FlagColumn,
  type IColumn,
  NumberColumn,
  PlainTextColumn,
  TextColumn,
  TextListColumn
} from './parquet/columns';
import type { Shape } from './simulate';
import { type IJob, PARTITIONS, QOS, STATES, SYSTEM } from './slurm';
import type { IUser } from './site';
import { CONTEXTS } from './workflows';

/** A table that is filled row by row and emptied row group by row group. */
export interface ITable {
  readonly columns: readonly IColumn[];
  /** Rows of the group that is being filled. */
  readonly rows: number;
  /** Begin the next group; what the columns hold must have been written. */
  clear(): void;
}

/** The records, as the hook of the center would report them (domain: "Fields of a MODS document"). */
export class RecordTable implements ITable {
  constructor(
    shape: Shape,
    users: readonly IUser[],
    footprints: Footprints,
    private readonly _groupRows: number,
    private readonly _full: () => void
  ) {
    const text = (name: string, texts: readonly string[]): TextColumn =>
      new TextColumn(name, _groupRows, texts);
    const flag = (name: string): FlagColumn => new FlagColumn(name, _groupRows);
    this._time = new NumberColumn('event_timestamp', _groupRows, 'time');
    this._username = text(
      'username',
      users.map(({ name }) => name)
    );
    this._jobId = text('job_id', this._jobIds);
    this._nodes = new NumberColumn('num_nodes', _groupRows, 'int32');
    this._qos = text('qos', ['', ...QOS]);
    this._accounts = accountsOf(users);
    this._repo = text('repo', ['', ...this._accounts.texts]);
    this._subsystem = text('subsystem', PARTITIONS);
    this._isCompute = flag('is_compute');
    this._isShifter = flag('is_shifter');
    this._isStaff = flag('is_staff');
    this._executable = text('executable', footprints.executables.texts);
    this._main = text('main', footprints.mains.texts);
    this._process = new NumberColumn('process_id', _groupRows, 'int64');
    this._python = text('python_version', footprints.pythons.texts);
    this._context = text('context', CONTEXTS);
    this._origin = text('origin', footprints.origins.texts);
    if (shape === 'wide') {
      this._packages = new TextListColumn(
        'packages',
        _groupRows,
        PACKAGE_NAMES
      );
    } else {
      this._package = text('subservice', PACKAGE_NAMES);
      this._version = new TextColumn(
        'version',
        _groupRows,
        footprints.versions.texts,
        {
          optional: true
        }
      );
    }
    this.columns = [
      this._time,
      text('service', ['Python']),
      ...(this._package && this._version ? [this._package, this._version] : []),
      ...(this._packages ? [this._packages] : []),
      this._username,
      this._jobId,
      this._nodes,
      this._qos,
      this._repo,
      text('system', [SYSTEM]),
      this._subsystem,
      this._isCompute,
      this._isShifter,
      this._isStaff,
      this._executable,
      this._main,
      this._process,
      this._python,
      this._context,
      this._origin
    ];
  }

  readonly columns: readonly IColumn[];

  get rows(): number {
    return this._rows;
  }

  /** Add the records of a process; how many depends on the shape. */
  process(
    activity: IActivity,
    footprint: IFootprint,
    time: number,
    processId: number,
    packages: number
  ): void {
    if (this._packages) {
      this._row(activity, footprint, time, processId, footprint.origin);
      this._packages.add(footprint.packages);
      this._advance();
      return;
    }
    for (let i = 0; i < packages; i++) {
      this._row(activity, footprint, time, processId, footprint.origins[i]);
      if (this._package && this._version) {
        this._package.codes[this._rows] = footprint.packages[i];
        this._version.codes[this._rows] = footprint.versions[i];
      }
      this._advance();
    }
  }

  clear(): void {
    this._rows = 0;
    this._group++;
    this._jobIds.length = 0;
    this._noJob = -1;
  }

  private _advance(): void {
    if (++this._rows === this._groupRows) {
      this._full();
    }
  }

  private _row(
    activity: IActivity,
    footprint: IFootprint,
    time: number,
    processId: number,
    origin: number
  ): void {
    const row = this._rows;
    const { job } = activity;
    const { user, userIndex, context } = activity.plan.workflow;
    this._time.values[row] = time;
    this._username.codes[row] = userIndex;
    this._jobId.codes[row] = this._jobCode(activity);
    this._nodes.values[row] = job ? job.nodes : 1;
    // Code 0 is the empty text.
    this._qos.codes[row] = job ? QOS.indexOf(job.qos) + 1 : 0;
    this._repo.codes[row] = job ? this._accounts.codes[userIndex] + 1 : 0;
    // Login nodes have the processors of the first partition.
    this._subsystem.codes[row] = job ? PARTITIONS.indexOf(job.partition) : 0;
    this._isCompute.values[row] = job ? 1 : 0;
    this._isShifter.values[row] = footprint.container ? 1 : 0;
    this._isStaff.values[row] = user.staff ? 1 : 0;
    this._executable.codes[row] = footprint.executable;
    this._main.codes[row] = footprint.main;
    this._process.values[row] = processId;
    this._python.codes[row] = footprint.python;
    this._context.codes[row] = CONTEXTS.indexOf(context);
    this._origin.codes[row] = origin;
  }

  /** The code of a job's id in this row group. */
  private _jobCode(activity: IActivity): number {
    if (!activity.job) {
      if (this._noJob < 0) {
        this._noJob = this._jobIds.push('') - 1;
      }
      return this._noJob;
    }
    if (activity.group !== this._group) {
      activity.group = this._group;
      activity.code = this._jobIds.push(activity.job.id) - 1;
    }
    return activity.code;
  }

  private readonly _accounts: IAccounts;
  private readonly _jobIds: string[] = [];
  private readonly _time: NumberColumn;
  private readonly _username: TextColumn;
  private readonly _jobId: TextColumn;
  private readonly _nodes: NumberColumn;
  private readonly _qos: TextColumn;
  private readonly _repo: TextColumn;
  private readonly _subsystem: TextColumn;
  private readonly _isCompute: FlagColumn;
  private readonly _isShifter: FlagColumn;
  private readonly _isStaff: FlagColumn;
  private readonly _executable: TextColumn;
  private readonly _main: TextColumn;
  private readonly _process: NumberColumn;
  private readonly _python: TextColumn;
  private readonly _context: TextColumn;
  private readonly _origin: TextColumn;
  private readonly _package: TextColumn | null = null;
  private readonly _version: TextColumn | null = null;
  private readonly _packages: TextListColumn | null = null;
  private _rows = 0;
  private _group = 0;
  private _noJob = -1;
}

/** All of Slurm's jobs, with records or without, to join by `job_id` and `system`. */
export class JobTable implements ITable {
  constructor(
    users: readonly IUser[],
    private readonly _groupRows: number,
    private readonly _full: () => void
  ) {
    const text = (name: string, texts: readonly string[]): TextColumn =>
      new TextColumn(name, _groupRows, texts);
    const number = (name: string, kind: 'int32' | 'time'): NumberColumn =>
      new NumberColumn(name, _groupRows, kind);
    this._accounts = accountsOf(users);
    this._username = text(
      'username',
      users.map(({ name }) => name)
    );
    this._account = text('account', this._accounts.texts);
    this._partition = text('partition', PARTITIONS);
    this._qos = text('qos', QOS);
    this._state = text('state', STATES);
    this._nodes = number('nodes', 'int32');
    this._submit = number('submit', 'time');
    this._start = number('start', 'time');
    this._end = number('end', 'time');
    this._elapsed = number('elapsed', 'int32');
    this._timeLimit = number('timelimit', 'int32');
    this.columns = [
      this._id,
      text('system', [SYSTEM]),
      this._username,
      this._account,
      this._partition,
      this._qos,
      this._state,
      this._nodes,
      this._submit,
      this._start,
      this._end,
      this._elapsed,
      this._timeLimit
    ];
  }

  readonly columns: readonly IColumn[];

  get rows(): number {
    return this._rows;
  }

  job(job: IJob): void {
    const row = this._rows;
    this._id.values[row] = job.id;
    this._username.codes[row] = job.userIndex;
    this._account.codes[row] = this._accounts.codes[job.userIndex];
    this._partition.codes[row] = PARTITIONS.indexOf(job.partition);
    this._qos.codes[row] = QOS.indexOf(job.qos);
    this._state.codes[row] = STATES.indexOf(job.state);
    this._nodes.values[row] = job.nodes;
    this._submit.values[row] = job.submit;
    this._start.values[row] = job.start;
    this._end.values[row] = job.end;
    this._elapsed.values[row] = (job.end - job.start) / 1000;
    this._timeLimit.values[row] = job.timeLimit;
    if (++this._rows === this._groupRows) {
      this._full();
    }
  }

  clear(): void {
    this._rows = 0;
  }

  private readonly _id = new PlainTextColumn('job_id');
  private readonly _accounts: IAccounts;
  private readonly _username: TextColumn;
  private readonly _account: TextColumn;
  private readonly _partition: TextColumn;
  private readonly _qos: TextColumn;
  private readonly _state: TextColumn;
  private readonly _nodes: NumberColumn;
  private readonly _submit: NumberColumn;
  private readonly _start: NumberColumn;
  private readonly _end: NumberColumn;
  private readonly _elapsed: NumberColumn;
  private readonly _timeLimit: NumberColumn;
  private _rows = 0;
}

/** The charge accounts of a site, and which each user has. */
interface IAccounts {
  readonly texts: readonly string[];
  /** By place of the user. */
  readonly codes: readonly number[];
}

function accountsOf(users: readonly IUser[]): IAccounts {
  const names = new Names();
  const codes = users.map(({ account }) => names.code(account));
  return { texts: names.texts, codes };
}

/** All users of the site, to join by `username`. */
export class UserTable implements ITable {
  constructor(users: readonly IUser[]) {
    const username = new PlainTextColumn('username');
    username.values.push(...users.map(({ name }) => name));
    const text = (name: string, values: readonly string[]): TextColumn => {
      const names = new Names();
      const column = new TextColumn(name, users.length, names.texts);
      column.codes.set(values.map(value => names.code(value)));
      return column;
    };
    this.rows = users.length;
    this.columns = [
      username,
      text(
        'science_area',
        users.map(({ area }) => area.name)
      ),
      text(
        'office',
        users.map(({ area }) => area.office)
      )
    ];
  }

  readonly columns: readonly IColumn[];
  readonly rows: number;

  clear(): void {
    // Written once.
  }
}
