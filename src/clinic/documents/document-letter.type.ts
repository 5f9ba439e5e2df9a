/** Topics of this room's own work: the subject is a version of a document. */
export const DOCUMENT_WORK = {
  /** A content came in: the virus scanner looks at it. */
  filed: 'document.filed',
  /** What the scanner found a threat in was locked away long enough: its content is destroyed. */
  quarantineEnded: 'document.quarantine-ended',
  /** A rule of retention destroyed a content: what lies in the storage goes too. */
  contentDestroyed: 'document.content-destroyed',
} as const;
