import { registerEnumType } from '@nestjs/graphql';
import {
  NoteAddendumKind,
  NoteAgreementMethod,
  NoteKind,
  NoteSectionStatus,
} from '../../platform/database/generated/enums.js';

registerEnumType(NoteKind, {
  name: 'NoteKind',
  description: 'On which occasion a note is written.',
  valuesMap: {
    CONSULTATION: { description: 'The patient was seen.' },
    MEETING: { description: 'The team spoke about the patient.' },
    PROCEDURE: { description: 'Something was done.' },
    TELEPHONE: { description: 'Somebody spoke with the patient, or about them, on the telephone.' },
    OTHER: { description: 'Anything else.' },
  },
});

registerEnumType(NoteSectionStatus, {
  name: 'NoteSectionStatus',
  description: 'How far a section of a note is. Of a whole note: how far the least of its sections is.',
  valuesMap: {
    DRAFT: { description: 'Being written. Nobody but its author sees a word of it.' },
    SIGNED: { description: 'Signed by its author; nobody changes it any more. To be locked.' },
    LOCKED: { description: 'Locked; from now on it may be added to.' },
    DISCARDED: { description: 'Put away by its author before it was signed. Nobody else sees it.' },
  },
});

registerEnumType(NoteAddendumKind, {
  name: 'NoteAddendumKind',
  description: 'What an addendum is for.',
  valuesMap: {
    ADDITION: { description: 'Something more.' },
    CORRECTION: { description: 'What was wrong, and what is right. The text stays as it was signed.' },
    ENTERED_IN_ERROR: {
      description:
        'The whole section should not be here, such as one about another patient. By its author only.',
    },
  },
});

registerEnumType(NoteAgreementMethod, {
  name: 'NoteAgreementMethod',
  description: 'How a patient agreed that a psychology note is shared.',
  valuesMap: {
    IN_PERSON: { description: 'They said so, face to face.' },
    TELEPHONE: { description: 'They said so on the telephone.' },
    VIDEO: { description: 'They said so by video.' },
    IN_WRITING: { description: 'They wrote it.' },
  },
});
