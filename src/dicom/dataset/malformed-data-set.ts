// PS3.5 §7: what a data set must look like. This is the one error that says it does not.

/**
 * The bytes (or the values) do not make a data set. Whoever reads a data set catches this one class and answers
 * with a refusal: a malformed identifier must never be taken for a wider search.
 */
export class MalformedDataSet extends Error {
  override readonly name = 'MalformedDataSet';

  constructor(
    /** What is wrong, without any value of the data set. */
    readonly reason: string,
    /** The tag (group * 65536 + element) where it was found, when there is one. */
    readonly tag: number | null = null,
  ) {
    super(tag === null ? reason : `${formatTag(tag)} ${reason}`);
  }
}

/** `(0008,0060)`, the way the standard writes a tag. */
export function formatTag(tag: number): string {
  const hex = tag.toString(16).toUpperCase().padStart(8, '0');
  return `(${hex.slice(0, 4)},${hex.slice(4)})`;
}
