/**
 * What `from module import *` binds, for modules of Python's standard library that people import so.
 *
 * Those that all of Python 3.10 to 3.13 have, and after `?` those that some of them have; `test/notebooks` compares them with Python.
 */
const TABLE = `
bisect: bisect bisect_left bisect_right insort insort_left insort_right
calendar: Calendar FRIDAY HTMLCalendar IllegalMonthError IllegalWeekdayError LocaleHTMLCalendar LocaleTextCalendar MONDAY SATURDAY
  SUNDAY THURSDAY TUESDAY TextCalendar WEDNESDAY calendar day_abbr day_name firstweekday isleap leapdays month month_abbr month_name
  monthcalendar monthrange prcal prmonth setfirstweekday timegm weekday weekheader ? APRIL AUGUST DECEMBER Day FEBRUARY JANUARY JULY
  JUNE MARCH MAY Month NOVEMBER OCTOBER SEPTEMBER
cmath: acos acosh asin asinh atan atanh cos cosh e exp inf infj isclose isfinite isinf isnan log log10 nan nanj phase pi polar rect sin
  sinh sqrt tan tanh tau
collections: ChainMap Counter OrderedDict UserDict UserList UserString defaultdict deque namedtuple
contextlib: AbstractAsyncContextManager AbstractContextManager AsyncExitStack ContextDecorator ExitStack aclosing asynccontextmanager
  closing contextmanager nullcontext redirect_stderr redirect_stdout suppress ? chdir
copy: Error copy deepcopy ? replace
csv: Dialect DictReader DictWriter Error QUOTE_ALL QUOTE_MINIMAL QUOTE_NONE QUOTE_NONNUMERIC Sniffer excel excel_tab field_size_limit
  get_dialect list_dialects reader register_dialect unix_dialect unregister_dialect writer ? QUOTE_NOTNULL QUOTE_STRINGS __doc__
  __version__
dataclasses: Field FrozenInstanceError InitVar KW_ONLY MISSING asdict astuple dataclass field fields is_dataclass make_dataclass replace
datetime: MAXYEAR MINYEAR date datetime time timedelta timezone tzinfo ? UTC
decimal: BasicContext Clamped Context ConversionSyntax Decimal DecimalException DecimalTuple DefaultContext DivisionByZero
  DivisionImpossible DivisionUndefined ExtendedContext FloatOperation HAVE_CONTEXTVAR HAVE_THREADS Inexact InvalidContext
  InvalidOperation MAX_EMAX MAX_PREC MIN_EMIN MIN_ETINY Overflow ROUND_05UP ROUND_CEILING ROUND_DOWN ROUND_FLOOR ROUND_HALF_DOWN
  ROUND_HALF_EVEN ROUND_HALF_UP ROUND_UP Rounded Subnormal Underflow getcontext localcontext setcontext
enum: Enum EnumMeta Flag IntEnum IntFlag auto unique ? CONFORM CONTINUOUS EJECT EnumCheck EnumDict EnumType FlagBoundary KEEP
  NAMED_FLAGS ReprEnum STRICT StrEnum UNIQUE global_enum global_enum_repr global_flag_repr global_str member nonmember
  pickle_by_enum_name pickle_by_global_name property verify
fractions: Fraction
functools: WRAPPER_ASSIGNMENTS WRAPPER_UPDATES cache cached_property cmp_to_key lru_cache partial partialmethod reduce singledispatch
  singledispatchmethod total_ordering update_wrapper wraps
glob: escape glob iglob ? translate
heapq: heapify heappop heappush heappushpop heapreplace merge nlargest nsmallest
itertools: accumulate chain combinations combinations_with_replacement compress count cycle dropwhile filterfalse groupby islice
  pairwise permutations product repeat starmap takewhile tee zip_longest ? batched
json: JSONDecodeError JSONDecoder JSONEncoder dump dumps load loads
math: acos acosh asin asinh atan atan2 atanh ceil comb copysign cos cosh degrees dist e erf erfc exp expm1 fabs factorial floor fmod
  frexp fsum gamma gcd hypot inf isclose isfinite isinf isnan isqrt lcm ldexp lgamma log log10 log1p log2 modf nan nextafter perm pi pow
  prod radians remainder sin sinh sqrt tan tanh tau trunc ulp ? cbrt exp2 fma sumprod
operator: abs add and_ attrgetter concat contains countOf delitem eq floordiv ge getitem gt iadd iand iconcat ifloordiv ilshift imatmul
  imod imul index indexOf inv invert ior ipow irshift is_ is_not isub itemgetter itruediv ixor le length_hint lshift lt matmul
  methodcaller mod mul ne neg not_ or_ pos pow rshift setitem sub truediv truth xor ? call
os.path: abspath altsep basename commonpath commonprefix curdir defpath devnull dirname exists expanduser expandvars extsep getatime
  getctime getmtime getsize isabs isdir isfile islink ismount join lexists normcase normpath pardir pathsep realpath relpath samefile
  sameopenfile samestat sep split splitdrive splitext supports_unicode_filenames ? isdevdrive isjunction splitroot
pathlib: Path PosixPath PurePath PurePosixPath PureWindowsPath WindowsPath ? UnsupportedOperation
pickle: ADDITEMS APPEND APPENDS BINBYTES BINBYTES8 BINFLOAT BINGET BININT BININT1 BININT2 BINPERSID BINPUT BINSTRING BINUNICODE
  BINUNICODE8 BUILD BYTEARRAY8 DEFAULT_PROTOCOL DICT DUP EMPTY_DICT EMPTY_LIST EMPTY_SET EMPTY_TUPLE EXT1 EXT2 EXT4 FALSE FLOAT FRAME
  FROZENSET GET GLOBAL HIGHEST_PROTOCOL INST INT LIST LONG LONG1 LONG4 LONG_BINGET LONG_BINPUT MARK MEMOIZE NEWFALSE NEWOBJ NEWOBJ_EX
  NEWTRUE NEXT_BUFFER NONE OBJ PERSID POP POP_MARK PROTO PUT PickleBuffer PickleError Pickler PicklingError READONLY_BUFFER REDUCE
  SETITEM SETITEMS SHORT_BINBYTES SHORT_BINSTRING SHORT_BINUNICODE STACK_GLOBAL STOP STRING TRUE TUPLE TUPLE1 TUPLE2 TUPLE3 UNICODE
  Unpickler UnpicklingError dump dumps load loads
pprint: PrettyPrinter isreadable isrecursive pformat pp pprint saferepr
random: Random SystemRandom betavariate choice choices expovariate gammavariate gauss getrandbits getstate lognormvariate normalvariate
  paretovariate randbytes randint random randrange sample seed setstate shuffle triangular uniform vonmisesvariate weibullvariate ?
  binomialvariate
re: A ASCII DOTALL I IGNORECASE L LOCALE M MULTILINE Match Pattern S U UNICODE VERBOSE X compile error escape findall finditer fullmatch
  match purge search split sub subn ? NOFLAG PatternError RegexFlag template
shutil: Error ExecError SameFileError SpecialFileError chown copy copy2 copyfile copyfileobj copymode copystat copytree disk_usage
  get_archive_formats get_terminal_size get_unpack_formats ignore_patterns make_archive move register_archive_format
  register_unpack_format rmtree unpack_archive unregister_archive_format unregister_unpack_format which
statistics: NormalDist StatisticsError correlation covariance fmean geometric_mean harmonic_mean linear_regression mean median
  median_grouped median_high median_low mode multimode pstdev pvariance quantiles stdev variance ? kde kde_random
string: Formatter Template ascii_letters ascii_lowercase ascii_uppercase capwords digits hexdigits octdigits printable punctuation
  whitespace
struct: Struct calcsize error iter_unpack pack pack_into unpack unpack_from
textwrap: TextWrapper dedent fill indent shorten wrap
time: CLOCK_BOOTTIME CLOCK_MONOTONIC CLOCK_MONOTONIC_RAW CLOCK_PROCESS_CPUTIME_ID CLOCK_REALTIME CLOCK_TAI CLOCK_THREAD_CPUTIME_ID
  altzone asctime clock_getres clock_gettime clock_gettime_ns clock_settime clock_settime_ns ctime daylight get_clock_info gmtime
  localtime mktime monotonic monotonic_ns perf_counter perf_counter_ns process_time process_time_ns pthread_getcpuclockid sleep strftime
  strptime struct_time thread_time thread_time_ns time time_ns timezone tzname tzset
typing: AbstractSet Annotated Any AnyStr AsyncContextManager AsyncGenerator AsyncIterable AsyncIterator Awaitable BinaryIO ByteString
  Callable ChainMap ClassVar Collection Concatenate Container ContextManager Coroutine Counter DefaultDict Deque Dict Final ForwardRef
  FrozenSet Generator Generic Hashable IO ItemsView Iterable Iterator KeysView List Literal Mapping MappingView Match MutableMapping
  MutableSequence MutableSet NamedTuple NewType NoReturn Optional OrderedDict ParamSpec ParamSpecArgs ParamSpecKwargs Pattern Protocol
  Reversible Sequence Set Sized SupportsAbs SupportsBytes SupportsComplex SupportsFloat SupportsIndex SupportsInt SupportsRound
  TYPE_CHECKING Text TextIO Tuple Type TypeAlias TypeGuard TypeVar TypedDict Union ValuesView cast final get_args get_origin
  get_type_hints is_typeddict no_type_check no_type_check_decorator overload runtime_checkable ? LiteralString Never NoDefault
  NotRequired ReadOnly Required Self TypeAliasType TypeIs TypeVarTuple Unpack assert_never assert_type clear_overloads
  dataclass_transform get_overloads get_protocol_members is_protocol override reveal_type
`;

/** Names that a star import binds. */
export interface IStarNames {
  readonly certain: readonly string[];
  /** Those that only some versions of Python have. */
  readonly possible: readonly string[];
}

/** What `from module import *` binds; null where that is not known. */
export function starNames(module: string): IStarNames | null {
  return NAMES.get(module) ?? null;
}

const NAMES: ReadonlyMap<string, IStarNames> = new Map(
  TABLE.trim()
    .split(/\n(?! )/)
    .map(entry => {
      const [module, names] = entry.split(': ');
      const [certain, possible = ''] = names
        .replace(/\s+/g, ' ')
        .split(' ? ')
        .map(part => part.trim());
      return [
        module,
        {
          certain: certain.split(' '),
          possible: possible === '' ? [] : possible.split(' ')
        }
      ] as const;
    })
);
