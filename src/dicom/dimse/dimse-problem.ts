// PS3.7 §6.3, §8: messages that are none.

/** The PDVs do not make a DIMSE message. There is nothing to answer, so the association is aborted. */
export class DimseProblem extends Error {
  override readonly name = 'DimseProblem';
}
