import sizes from '../sizes.json';

/** How many random cases a test tries: few in `npm test`, many in `npm run prove`. */
export function size(name: keyof typeof sizes): number {
  return sizes[name][process.env.WORKLOAD_PROVE === '1' ? 'prove' : 'test'];
}
