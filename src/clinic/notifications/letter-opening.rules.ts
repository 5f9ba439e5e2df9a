import type { LetterAbout, LetterRecipient } from '../../platform/database/generated/enums.js';

/** Whom a letter is for, and what staff would look it up with. */
export interface LetterOpening {
  readonly recipient: LetterRecipient;
  /** Whom of the directory of referrers, or of staff, it is for; null: somebody else, or one who is not in it. */
  readonly recipientId: string | null;
  /** Whom it is for or, where it is for somebody else, whom it is about; null: nobody is known. */
  readonly patientId: string | null;
  readonly aboutType: LetterAbout;
  readonly aboutId: string;
  /** The Message-ID that its subject's own room keeps for it; null: it gets a new one. */
  readonly messageId: string | null;
}

interface About {
  readonly aboutType: LetterAbout;
  readonly aboutId: string;
}

export function toPatient(patientId: string, about: About): LetterOpening {
  return { recipient: 'PATIENT', recipientId: null, patientId, ...about, messageId: null };
}

export function toClinic(patientId: string | null, about: About): LetterOpening {
  return { recipient: 'CLINIC', recipientId: null, patientId, ...about, messageId: null };
}

export function toEnquirer(
  patientId: string | null,
  enquiryId: string,
  messageId: string | null,
): LetterOpening {
  const about = { aboutType: 'ENQUIRY', aboutId: enquiryId } as const;
  return { recipient: 'ENQUIRER', recipientId: null, patientId, ...about, messageId };
}

export function toReferrer(
  referrer: { readonly referrerId: string | null },
  patientId: string | null,
  about: About,
): LetterOpening {
  return { recipient: 'REFERRER', recipientId: referrer.referrerId, patientId, ...about, messageId: null };
}

/** A copy for the patient's GP, or for another clinician who looks after them. */
export function toGp(
  gp: { readonly referrerId: string | null },
  patientId: string | null,
  about: About,
): LetterOpening {
  return { recipient: 'GP', recipientId: gp.referrerId, patientId, ...about, messageId: null };
}

/** A notice to one member of staff. */
export function toStaff(staffId: string, patientId: string | null, about: About): LetterOpening {
  return { recipient: 'STAFF', recipientId: staffId, patientId, ...about, messageId: null };
}
