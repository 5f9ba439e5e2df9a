import { canonicalAddress } from './scanner.rules.js';

/** A caller that was turned away, as it was written down. */
export interface TurnedAway {
  readonly callingAETitle: string;
  readonly calledAETitle: string;
  readonly source: string;
  readonly reason: string;
  readonly explanation: string | null;
}

/** What the door says of a caller whose AE title is in no profile. */
export const UNKNOWN_TITLE = 'no scanner has this AE title';

/** By what a caller is taken for a scanner. */
export interface Recognisable {
  readonly name: string;
  readonly callingAETitles: readonly string[];
  readonly stationAETitle: string;
  readonly sourceAddresses: readonly string[];
}

// One letter wrong and two changed places are two steps; more is another name.
const SLIPS_MAX = 2;
// Of a shorter title two slips leave nothing.
const ALIKE_LETTERS_MIN = 4;

/** Is the caller likely this scanner, set up wrongly? By its address, or by a title that is its own or nearly so. */
export function isLikelyThis(
  caller: TurnedAway,
  scanner: Recognisable,
  addressesSeen: readonly string[],
): boolean {
  const addresses = [...scanner.sourceAddresses, ...addressesSeen].map(canonicalAddress);
  if (addresses.includes(canonicalAddress(caller.source))) return true;
  return [...scanner.callingAETitles, scanner.stationAETitle].some((title) =>
    isAlike(title, caller.callingAETitle),
  );
}

/** Two AE titles that a person could have meant to be the same. */
export function isAlike(a: string, b: string): boolean {
  const [one, other] = [a.trim().toUpperCase(), b.trim().toUpperCase()];
  if (one === other) return one !== '';
  if (Math.min(one.length, other.length) < ALIKE_LETTERS_MIN) return false;
  return one.includes(other) || other.includes(one) || slipsBetween(one, other) <= SLIPS_MAX;
}

/** Why it was turned away, in a sentence. */
export function reasonInWords({ reason, explanation, callingAETitle, calledAETitle }: TurnedAway): string {
  const isStranger = reason === 'calling-ae-title-not-recognised' && explanation === UNKNOWN_TITLE;
  if (explanation !== null && !isStranger) return sentence(explanation);
  switch (reason) {
    case 'calling-ae-title-not-recognised':
      return `It calls itself ${callingAETitle}, and no scanner is known by that AE title.`;
    case 'called-ae-title-not-recognised':
      return `It called ${calledAETitle}, which is not Facet’s AE title.`;
    case 'temporary-congestion':
    case 'local-limit-exceeded':
      return 'Too many connections were open at once.';
    default:
      return `The connection was not taken (${reason}).`;
  }
}

/** What to do about it, in a sentence. */
export function adviceOn(caller: TurnedAway, scanner: Recognisable | null, ourAETitle: string): string {
  const { reason, explanation, callingAETitle, source } = caller;
  const profile = scanner === null ? 'the scanner’s profile' : `the profile of ${scanner.name}`;
  if (explanation?.includes('address') === true)
    return `If the machine at ${source} is this scanner, add the address ${source} to ${profile}. If nobody knows that machine, tell whoever looks after the network.`;
  if (explanation?.includes('certificate') === true)
    return `Ask the vendor which certificate the console shows, and name it in ${profile} or have it signed by the clinic’s authority.`;
  if (explanation?.includes('TLS') === true)
    return `Have TLS switched on at the console, with Facet’s TLS port and a current version of TLS.`;
  switch (reason) {
    case 'calling-ae-title-not-recognised': {
      const allowed = scanner?.callingAETitles.join(' or ') ?? 'one of a known scanner';
      return `Set the console’s own AE title to ${allowed}, or add ${callingAETitle} to ${profile}.`;
    }
    case 'called-ae-title-not-recognised':
      return `Set the AE title of the worklist server to ${ourAETitle} at the console.`;
    case 'temporary-congestion':
    case 'local-limit-exceeded':
      return 'Try again in a minute. If it stays so, restart the worklist client of the console.';
    default:
      return 'Have the vendor look at the DICOM settings of the console.';
  }
}

/** The first letter in capitals and a full stop. */
function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

/** Letters replaced, left out or put in (Levenshtein); AE titles have at most sixteen. */
function slipsBetween(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
