import { Inject, Injectable } from '@nestjs/common';
import { Database, type Tx } from '../../platform/database/database.service.js';
import { AuditService } from '../audit/audit.service.js';
import type { StaffActor } from '../audit/audit.type.js';
import { PatientService } from '../patients/patient.service.js';
import type { Enquiry } from './enquiry.type.js';
import { EnquiryRecordService } from './enquiry-record.service.js';
import { strengthOf, strongestFirst } from './match.rules.js';
import type { EnquiryMatch } from './match.type.js';

/** Which registered patient an enquirer may be. It proposes; a person says who it is. */
@Injectable()
export class MatchService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(PatientService) private readonly patients: PatientService,
    @Inject(EnquiryRecordService) private readonly enquiries: EnquiryRecordService,
    @Inject(AuditService) private readonly audit: AuditService,
  ) {}

  /** Candidates for an enquiry, the strongest first; each one shown is recorded as seen. Throws NOT_FOUND. */
  async enquiryMatches(actor: StaffActor, enquiryId: string): Promise<readonly EnquiryMatch[]> {
    return this.database.transaction(async (tx) => {
      const enquiry = await this.enquiries.mustHave(tx, enquiryId);
      const matches = await this.matchesOf(tx, enquiry);
      await this.audit.record(tx, actor, {
        action: 'enquiry.matched',
        subjectType: 'enquiry',
        subjectId: enquiryId,
        patientIds: matches.map(({ patientId }) => patientId),
        after: { strengths: matches.map(({ strength }) => strength) },
      });
      return matches;
    });
  }

  /** The same for whoever decides by it. Records no look. */
  async matchesOf(tx: Tx, enquiry: Enquiry): Promise<readonly EnquiryMatch[]> {
    const { name, dateOfBirth, nhsNumber, email, phoneE164 } = enquiry;
    const phones = phoneE164 === null ? [] : [phoneE164];
    const person = { name, dateOfBirth, nhsNumber, email, phones };
    const candidates = await this.patients.matchCandidates(tx, person);
    const matches = candidates.map(({ patient, reasons, doubts }) => ({
      patientId: patient.id,
      patient,
      strength: strengthOf({ reasons, doubts }),
      reasons,
      doubts,
    }));
    return strongestFirst(matches);
  }
}
