/**
 * Names that are there before the first cell runs.
 *
 * Python's builtins are those of 3.8 to 3.14, so that no interpreter in use knows one that is missing here; what IPython adds is that of
 * its interactive shell. `__file__` is not among them: a notebook has none.
 */
const PYTHON = `
ArithmeticError AssertionError AttributeError BaseException BaseExceptionGroup BlockingIOError BrokenPipeError BufferError BytesWarning
ChildProcessError ConnectionAbortedError ConnectionError ConnectionRefusedError ConnectionResetError DeprecationWarning EOFError Ellipsis
EncodingWarning EnvironmentError Exception ExceptionGroup False FileExistsError FileNotFoundError FloatingPointError FutureWarning
GeneratorExit IOError ImportError ImportWarning IndentationError IndexError InterruptedError IsADirectoryError KeyError KeyboardInterrupt
LookupError MemoryError ModuleNotFoundError NameError None NotADirectoryError NotImplemented NotImplementedError OSError OverflowError
PendingDeprecationWarning PermissionError ProcessLookupError PythonFinalizationError RecursionError ReferenceError ResourceWarning
RuntimeError RuntimeWarning StopAsyncIteration StopIteration SyntaxError SyntaxWarning SystemError SystemExit TabError TimeoutError True
TypeError UnboundLocalError UnicodeDecodeError UnicodeEncodeError UnicodeError UnicodeTranslateError UnicodeWarning UserWarning ValueError
Warning ZeroDivisionError __build_class__ __debug__ __import__ abs aiter all anext any ascii bin bool breakpoint bytearray bytes callable
chr classmethod compile complex copyright credits delattr dict dir divmod enumerate eval exec exit filter float format frozenset getattr
globals hasattr hash help hex id input int isinstance issubclass iter len license list locals map max memoryview min next object oct open
ord pow print property quit range repr reversed round set setattr slice sorted staticmethod str sum super tuple type vars zip
`;

/** Attributes of the module that a notebook runs in. */
const MODULE =
  '__name__ __doc__ __package__ __loader__ __spec__ __builtin__ __builtins__ __annotations__';

/** IPython's names: its shell, and what it keeps of inputs and outputs. */
const IPYTHON =
  'In Out _ __ ___ _dh _i _ih _ii _iii _oh display get_ipython __IPYTHON__ __session__';

const NAMES: ReadonlySet<string> = new Set(
  `${PYTHON} ${MODULE} ${IPYTHON}`.split(/\s+/).filter(name => name !== '')
);

/** Whether a name is there without any cell's doing. `_3` and `_i3` are outputs and inputs of cells that ran. */
export function isBuiltin(name: string): boolean {
  return NAMES.has(name) || /^_i?\d+$/.test(name);
}
