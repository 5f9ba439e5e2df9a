/** What a scanner says of a content. */
export type Verdict =
  | { readonly kind: 'CLEAN' }
  | { readonly kind: 'THREAT'; readonly name: string }
  /** It was asked and will not say, whenever it is asked again: too large for it, or nothing it can look into. */
  | { readonly kind: 'UNJUDGED'; readonly why: string };

/** The scanner cannot be reached, is still starting, or broke off: ask again later. */
export class ScannerUnavailable extends Error {
  override readonly name = 'ScannerUnavailable';
}

/** Looks for viruses in a content. */
export abstract class VirusScanner {
  /** Reads all of `content`. Throws ScannerUnavailable, and whatever `content` throws. */
  abstract scan(content: AsyncIterable<Uint8Array>): Promise<Verdict>;
}
