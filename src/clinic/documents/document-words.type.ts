import '../records/retention-rule.type.js';
import { registerEnumType } from '@nestjs/graphql';
import { DocumentKind, DocumentSubjectType } from '../../platform/database/generated/enums.js';

registerEnumType(DocumentSubjectType, {
  name: 'DocumentSubjectType',
  description: 'What a document belongs to.',
  valuesMap: {
    PATIENT: { description: 'The patient, and nothing narrower.' },
    REFERRAL: { description: 'A referral: its letter, and what came with it.' },
    ENQUIRY: { description: 'An enquiry: what came with a message.' },
    ADVICE: { description: 'A message of an advice thread with a referrer.' },
    COMPLAINT: { description: 'A complaint.' },
    VISIT: { description: 'A visit.' },
    LICENCE: { description: 'A licence to administer radioactive substances.' },
    ENTITLEMENT: { description: 'A member of staff’s entitlement: certificates, training records.' },
    INCIDENT: { description: 'An incident: photographs, the regulator’s letters.' },
  },
});

registerEnumType(DocumentKind, {
  name: 'DocumentKind',
  description: 'What kind of document it is.',
  valuesMap: {
    REFERRAL_LETTER: { description: 'The letter by which a patient is referred.' },
    REPORT: { description: 'A report: of imaging, of a laboratory, of a discharge.' },
    IMAGE: { description: 'A photograph or a drawing. Scans belong into a picture archive.' },
    CONSENT_FORM: { description: 'A signed form.' },
    CORRESPONDENCE: { description: 'Any other letter or message.' },
    OTHER: { description: 'Something else: the title says what.' },
  },
});
