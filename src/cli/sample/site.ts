import type { Random } from './random';

/** Numbers of the published study (domain: "What is asked", January to May 2021). */
export const SITE_USERS = 8000;
export const COMPUTE_USERS = 2448;
/** Users of Python on any node, staff excluded. */
export const PYTHON_USERS = 2612;
/** Of these, the share that used the center's module at least once. */
const CENTER_USER_SHARE = 0.63;
/** Users of the three leading packages, on any node, and of these those that have no numpy. */
const NUMPY_USERS = 1790;
const SCIPY_USERS = 1402;
const MULTIPROCESSING_USERS = 1655;
const MULTIPROCESSING_ONLY = 720;
const STAFF = 75;

/** A science area, with the office that mostly pays for it. */
export interface IArea {
  readonly code: string;
  readonly name: string;
  readonly office: string;
  /** Share of all users. */
  readonly share: number;
}

const AREAS: readonly IArea[] = [
  { code: 'mat', name: 'Materials science', office: 'BES', share: 0.22 },
  { code: 'chem', name: 'Chemistry', office: 'BES', share: 0.14 },
  {
    code: 'astro',
    name: 'Astrophysics and cosmology',
    office: 'HEP',
    share: 0.13
  },
  { code: 'clim', name: 'Climate and environment', office: 'BER', share: 0.12 },
  { code: 'hep', name: 'High energy physics', office: 'HEP', share: 0.1 },
  { code: 'fus', name: 'Fusion and plasma', office: 'FES', share: 0.07 },
  { code: 'nuc', name: 'Nuclear physics', office: 'NP', share: 0.06 },
  { code: 'bio', name: 'Biosciences', office: 'BER', share: 0.06 },
  { code: 'geo', name: 'Geosciences', office: 'BES', share: 0.04 },
  {
    code: 'cs',
    name: 'Computer science and mathematics',
    office: 'ASCR',
    share: 0.06
  }
];

/** A user of the site, as identity management knows them, and what kind of user it is. */
export interface IUser {
  readonly name: string;
  readonly staff: boolean;
  /** Runs Python in jobs on compute nodes. */
  readonly compute: boolean;
  /** Runs Python at all. */
  readonly python: boolean;
  /** Used the center's module at least once. */
  readonly center: boolean;
  /** Which of the leading packages this user has; no workflow of the user has another of them. */
  readonly leading: ReadonlySet<string>;
  /** Zipf-like activity, compared with other users of the same kind. */
  readonly activity: number;
  readonly area: IArea;
  /** The charge account, `m` and a number that begins with the area's. */
  readonly account: string;
}

/** Make everybody with an account: the same for a seed, however many records are asked for. */
export function makeSite(random: Random): IUser[] {
  const names = makeUserNames(random.fork('names'));
  const centerUsers = Math.round(CENTER_USER_SHARE * PYTHON_USERS);
  const center = random.shuffled(
    Array.from({ length: PYTHON_USERS }, (_, index) => index < centerUsers)
  );
  const leading = random.shuffled(
    Array.from({ length: PYTHON_USERS }, (_, i) => leadingOf(i))
  );
  const activities = [
    ...zipf(PYTHON_USERS, random),
    ...zipf(STAFF, random),
    ...zipf(SITE_USERS - PYTHON_USERS - STAFF, random)
  ];
  return names.map((name, index) => {
    const staff = index >= PYTHON_USERS && index < PYTHON_USERS + STAFF;
    const python = index < PYTHON_USERS + STAFF;
    // Collaborations that opted out as a whole have the last numbers and no users of Python.
    const optedOut = !python && random.chance(0.06);
    const area = drawArea(random);
    const number = optedOut
      ? 900 + random.below(3)
      : 99 + random.pareto(1, 60, 0.5);
    return {
      name,
      staff,
      compute: index < COMPUTE_USERS || staff,
      python,
      center: staff || (index < PYTHON_USERS && center[index]),
      leading: staff ? new Set(LEADING) : (leading[index] ?? new Set()),
      activity: activities[index],
      area,
      account: staff ? 'nstaff' : `m${AREAS.indexOf(area) + 1}${number}`
    };
  });
}

/**
 * The packages with most users. Who has them is drawn to the published numbers, since demo data that
 * have them in another order would be the first thing to be noticed.
 */
export const LEADING: readonly string[] = ['numpy', 'scipy', 'multiprocessing'];

/** The leading packages of the i-th user of Python, before users are shuffled. */
function leadingOf(index: number): ReadonlySet<string> {
  const both = MULTIPROCESSING_USERS - MULTIPROCESSING_ONLY;
  // Spread those with both evenly over users of numpy, with scipy or without.
  const pools =
    index < NUMPY_USERS
      ? Math.floor(((index + 1) * both) / NUMPY_USERS) >
        Math.floor((index * both) / NUMPY_USERS)
      : index < NUMPY_USERS + MULTIPROCESSING_ONLY;
  return new Set([
    ...(index < NUMPY_USERS ? ['numpy'] : []),
    ...(index < SCIPY_USERS ? ['scipy'] : []),
    ...(pools ? ['multiprocessing'] : [])
  ]);
}

/** Zipf's law, flattened at the top as Mandelbrot did, so that nobody has a tenth of all jobs. */
function zipf(count: number, random: Random): number[] {
  return random.shuffled(
    Array.from({ length: count }, (_, rank) => 1 / (rank + 8))
  );
}

function drawArea(random: Random): IArea {
  let place = random.float();
  for (const area of AREAS) {
    place -= area.share;
    if (place < 0) {
      return area;
    }
  }
  return AREAS[0];
}

const STARTS =
  'b br ch d dr f g gr h j k kl l m n p r s sh st t tr v w y z'.split(' ');
const MIDDLES = 'a e i o u ai ea ia io oa'.split(' ');
const ENDS = ' l m n r s t x nd rt'.split(' ');

/** Names that can be spoken and are nobody's: two syllables, and a number if taken. */
function makeUserNames(random: Random): string[] {
  const syllable = (): string =>
    random.pick(STARTS) + random.pick(MIDDLES) + random.pick(ENDS);
  const taken = new Set<string>();
  while (taken.size < SITE_USERS) {
    const name = syllable() + syllable();
    let candidate = name;
    for (let number = 2; taken.has(candidate); number++) {
      candidate = `${name}${number}`;
    }
    taken.add(candidate);
  }
  return [...taken];
}
