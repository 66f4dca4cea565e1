import type { IRange } from '../finding';

/**
 * What one cell of Python does to names, files and modules, in the order in which it does it: all that the rules know of code.
 *
 * `analyzeCell` makes it of the source alone, so it is kept as long as the source is the same. The flow (`flow/`) then runs the steps of
 * all cells, in order, over a table of names, once as the upstream run and once as the downstream run.
 *
 * Scopes are settled here: steps name *global* names only. What is local to a function, class body, comprehension, lambda or `except`
 * clause never shows, nor does a name that is bound for certain earlier in the same function.
 */
export interface ICellFacts {
  readonly language: CellLanguage;
  /** Neither code nor magics: blanks and comments only. */
  readonly isBlank: boolean;
  readonly steps: readonly Step[];
  /** Code that could not be understood; what it could bind is in the steps as `unknown`. */
  readonly unparsed: readonly IUnparsed[];
  readonly allowances: readonly IAllowanceComment[];
  /** The statements of the cell's outermost level, in order, for rules on parameters and imports. */
  readonly statements: readonly IStatement[];
}

/** `other` is a cell magic that hands the cell to another program, such as `%%bash`; it has no steps but those of its magic. */
export type CellLanguage = 'python' | 'other';

/** `# workload: allow RULE reason`. */
export interface IAllowanceComment extends IRange {
  /** Empty where it is missing. */
  readonly rule: string;
  readonly reason: string;
  /** Whether it is only nearly written so, in other case or without the colon; unset where it is right. */
  readonly isMisspelled?: true;
}

export interface IUnparsed extends IRange {
  /** What of it could not be understood, as the end of the sentence “… cannot be checked: ”. */
  readonly reason: string;
}

/** A statement of the outermost level. */
export interface IStatement extends IRange {
  readonly kind:
    'import' | 'assignment' | 'function' | 'class' | 'magic' | 'other';
  /** Of an assignment `NAME = value` or `NAME: type = value` to one plain name. */
  readonly name?: string;
  /** Whether the value is a literal as papermill takes it: numbers, texts, None, booleans, and lists, tuples, dicts of these. */
  readonly isLiteral?: boolean;
}

export type Step =
  | IUse
  | IBind
  | ILocalImport
  | IDelete
  | IMutate
  | IMethodUse
  | IFileAccess
  | IFolderChange
  | IEnvironmentChange
  | IDisplay
  | IUnknown
  | IBranch
  | ILoop
  | ITry
  | IExit;

/** Reads a global name. */
export interface IUse extends IRange {
  readonly kind: 'use';
  readonly name: string;
  /**
   * `call`: called here, as in `f(x)`, `@f`, `obj.method(x)` (with `attribute`), `with f:`. `argument`: handed to a call, which may
   * call it, as in `map(f, xs)`. `read`: anything else.
   */
  readonly how: 'read' | 'call' | 'argument';
  /** The attributes read of it, first one first: `['to_parquet']` in `df.to_parquet(…)`. */
  readonly attributes: readonly string[];
  /** Whether a NameError here is caught, as in `try: x` with `except NameError`, or asked for, as by `'x' in globals()`. */
  readonly guarded: boolean;
  /** Whether it stands in an annotation, which `from __future__ import annotations` in a cell before makes a text. */
  readonly isAnnotation?: boolean;
  /** Of a call, what it is given, as texts; unset where that cannot be told, as of what is handed over. */
  readonly given?: readonly IGiven[];
  /** Whether the object stays what it is, as nothing keeps it that may change it: where a part of it is read, or it is printed. */
  readonly isKept?: true;
}

/** An argument of a call, as a text. */
export interface IGiven {
  readonly text: Text;
  readonly keyword?: string;
  /** `*x` or `**x`, which may be any of those that follow, or of those that have a name. */
  readonly star: '' | '*' | '**';
}

/** A parameter of a function. */
export interface IParameter {
  readonly name: string;
  /** By this, texts of the body name it; other functions of the cell have others. */
  readonly id: string;
  /** How it is given: `rest` takes all that is left, as `*args` and `**kwargs` do. */
  readonly takes: 'any' | 'keyword' | 'rest';
  /** Its default, when the function is made. */
  readonly fallback: Text;
}

/** What a method takes. */
export interface ISignature {
  readonly parameters: readonly IParameter[];
  /** Whether the first of them is the object whose method it is. */
  readonly isBound: boolean;
}

/** Binds a global name. */
export interface IBind extends IRange {
  readonly kind: 'bind';
  readonly name: string;
  readonly by:
    | 'assignment'
    | 'augmented'
    | 'import'
    | 'function'
    | 'class'
    | 'for'
    | 'with'
    | 'except'
    | 'match'
    | 'magic'
    | 'type';
  /** Of an import: what is bound. */
  readonly module?: IImport;
  readonly value: Value;
}

/** `import module as name` or `from module import member as name`; `module` keeps the dots of a relative import. */
export interface IImport {
  readonly module: string;
  readonly member?: string;
  /** The whole statement, and this clause alone, for fixes. */
  readonly statement: IRange;
  /** The statement that imports this and nothing else: `from x import y as z`. */
  readonly text: string;
  /** Whether the import stands in `try` with a handler for ImportError, so that its failure is provided for. */
  readonly guarded: boolean;
}

/** Imports for a name that is not global, as within a function. */
export interface ILocalImport extends IRange {
  readonly kind: 'import';
  readonly module: IImport;
}

/** What is known of a value. */
export type Value =
  | { readonly kind: 'unknown' }
  /** A function or lambda: `body` runs when it is called. */
  | {
      readonly kind: 'function';
      readonly body: readonly Step[];
      /** Unset where nobody can tell what they are given. */
      readonly parameters?: readonly IParameter[];
      /** Of a method: whether the first parameter is the object; it is unless a decorator says otherwise. */
      readonly isBound?: boolean;
      /** Of a method: whether reading it runs it. */
      readonly isProperty?: boolean;
      /** What a function runs that this one makes and gives back. */
      readonly returned?: readonly Step[];
      /** The text that it gives back, or those at its several returns. */
      readonly gives?: Text;
      /** Global names of functions that the function went through as a decorator: what they give back runs, too. */
      readonly decorators?: readonly string[];
    }
  /** A class: calling it runs `__init__` and the like; methods run when they are called by name. */
  | {
      readonly kind: 'class';
      readonly methods: Readonly<Record<string, readonly Step[]>>;
      /** Of the methods; those are missing of which nobody can tell what they are given. */
      readonly signatures: Readonly<Record<string, ISignature>>;
      readonly properties: readonly string[];
      readonly bases: readonly string[];
      /** Its attributes that are texts; unset where anything else may set them, or those of its objects. */
      readonly parts?: Parts;
      /** Of a dataclass, the fields that making an object sets, in order. */
      readonly fields?: readonly string[];
    }
  /** Holds texts under names or numbers: lists, tuples, dicts, namespaces. `value` is what else is known of it. */
  | { readonly kind: 'parts'; readonly parts: Parts; readonly value: Value }
  /** Made of what these global names hold, so that it may call what they call: an alias, an instance, a partial. */
  | {
      readonly kind: 'names';
      readonly names: readonly string[];
      /** `alias`: the very object, as in `g = f`; `call`: what calling the one name gives, as in `a = A(…)`; unset where neither is sure. */
      readonly made?: 'alias' | 'call';
      /** What it is where it is a text. */
      readonly text?: Text;
    }
  /** A text or path, as far as it can be told. */
  | { readonly kind: 'text'; readonly text: Text };

/** A text or path that is put together: f-strings, `+`, `/` of paths, `os.path.join`, `format`. */
export type Text =
  | { readonly kind: 'literal'; readonly value: string }
  /** The text that a global name holds at this time. */
  | { readonly kind: 'name'; readonly name: string }
  /** What a call of the function gave its parameter. */
  | { readonly kind: 'parameter'; readonly id: string }
  | {
      readonly kind: 'join';
      readonly parts: readonly Text[];
      readonly separator: '' | '/';
    }
  /** A variable of the environment, whatever is taken where there is none. */
  | { readonly kind: 'environment'; readonly name: string }
  /** What the machine or the run says: the user's home, the folder of temporary files, the user, the machine's name, the working folder. */
  | { readonly kind: 'place'; readonly place: Place }
  /** An attribute or item of what a global name holds: `.out`, `["out"]`, `[0]`. */
  | { readonly kind: 'part'; readonly of: string; readonly key: string }
  /** What calling a global name, or an attribute of it, gives. */
  | {
      readonly kind: 'call';
      readonly name: string;
      readonly attributes: readonly string[];
      readonly given: readonly IGiven[];
    }
  /** One of them: what a function gives back at its several returns, as far as that can be told. */
  | { readonly kind: 'either'; readonly of: readonly Text[] }
  | { readonly kind: 'unknown' };

export type Place = 'home' | 'temporary' | 'user' | 'host' | 'folder';

/** Texts by `.name`, `["name"]` or `[0]`. */
export type Parts = Readonly<Record<string, Text>>;

/** `del name`. */
export interface IDelete extends IRange {
  readonly kind: 'delete';
  readonly name: string;
  /** In the body of a class, of a name that it has not bound: a global of that name does not help. `maybe` where it has bound it before. */
  readonly inClass?: 'unbound' | 'maybe';
}

/** Calls a method of an instance, as `self.step()`, `len(x)` and `x + y` do, or reads a property of it. */
export interface IMethodUse extends IRange {
  readonly kind: 'method';
  /** The global name that holds the instance, or the class of which one is made here; null for the object whose method runs. */
  readonly of: string | null;
  readonly isMadeHere: boolean;
  /** The first of them that the class has is called. */
  readonly methods: readonly string[];
  readonly how: IUse['how'];
  /** `super().step()`: what the class inherits whose method runs. */
  readonly isInherited: boolean;
  readonly given?: readonly IGiven[];
}

/** Changes the object that a global name holds: `x[0] = …`, `x.a = …`, `del x[0]`, `x.append(…)`, `inplace=True`. */
export interface IMutate extends IRange {
  readonly kind: 'mutate';
  readonly name: string;
  /** What is set, where it is one attribute or item and nothing else. */
  readonly part?: { readonly key: string; readonly text: Text };
}

/** Reads or writes a file. */
export interface IFileAccess extends IRange {
  readonly kind: 'file';
  /** `append` and `update` modes of `open` count as write, and as read as well where the file must exist. */
  readonly access: 'read' | 'write';
  readonly path: Text;
  /** What does it, such as `pandas.read_parquet` or `%%writefile`. */
  readonly by: string;
  /** Whether a missing file is provided for, by `try`. */
  readonly guarded: boolean;
  /** Where it stands under `if path.exists()`, the paths that are asked for: a missing one of them, or in them, is provided for. */
  readonly asked?: readonly Text[];
  /** Whether it is a file only where something of its path can be told: others have buffers, too. */
  readonly ifTold?: true;
}

/** Changes the working folder, as `os.chdir` and `%cd` do: from here on, paths that are not absolute begin there. */
export interface IFolderChange extends IRange {
  readonly kind: 'folder';
  readonly path: Text;
}

/** Changes the environment: a variable of it, or, where `name` is null, any. */
export interface IEnvironmentChange extends IRange {
  readonly kind: 'environment';
  readonly name: string | null;
  readonly text: Text;
}

/** Reads the output of a cell that ran before: `_`, `__`, `_3`, `Out[3]`. */
export interface IDisplay extends IRange {
  readonly kind: 'output';
  readonly name: string;
}

/** From here on, names may be bound that nobody can list: `from x import *`, `%run`, `exec`, an error node. */
export interface IUnknown extends IRange {
  readonly kind: 'unknown';
  /** The names it could bind; null for any name. */
  readonly names: readonly string[] | null;
  readonly why: 'star-import' | 'magic' | 'exec' | 'unparsed';
  readonly module?: string;
}

/** One of the alternatives runs; an `if` without `else` has an empty one. Constant conditions are already resolved. */
export interface IBranch {
  readonly kind: 'branch';
  readonly alternatives: readonly (readonly Step[])[];
}

/** Runs any number of times. `atLeastOnce` where it certainly runs, as over a literal that is not empty, or `while True`. */
export interface ILoop {
  readonly kind: 'loop';
  readonly body: readonly Step[];
  readonly atLeastOnce: boolean;
  readonly otherwise: readonly Step[];
}

/** `body` may end anywhere when there are handlers; then one of them runs. */
export interface ITry {
  readonly kind: 'try';
  readonly body: readonly Step[];
  readonly handlers: readonly (readonly Step[])[];
  readonly otherwise: readonly Step[];
  readonly finally: readonly Step[];
}

/**
 * `return`, `raise`, `break` or `continue`: what follows in the same list does not run, and what the list has bound goes where the exit
 * goes: out of the function, to the handlers of the `try`, behind or to the head of the loop.
 *
 * A `raise` at the outermost level, outside `try`, ends the run of the notebook.
 */
export interface IExit {
  readonly kind: 'exit';
  readonly how: 'return' | 'raise' | 'break' | 'continue';
}
