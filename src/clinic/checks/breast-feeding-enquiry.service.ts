import { Inject, Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/database.service.js';
import { BreastFeedingAnswer, CheckKind, ExposureAct } from '../../platform/database/generated/enums.js';
import { badInput, Fault, isRefusal } from '../../platform/refusal/refusal.js';
import { dateFromInstant, type Temporal } from '../../platform/time/index.js';
import type { StaffActor } from '../audit/audit.type.js';
import type { Visit } from '../visits/visit.type.js';
import { BreastFeedingPolicyService } from './breast-feeding-policy.service.js';
import type { BreastFeedingEnquiry } from './check.type.js';
import { answererProblem, breastFeedingProblem, resumeAt } from './check-entry.rules.js';
import { CHECK_CONSTRAINTS, CheckEntryService, type EntryRefusal } from './check-entry.service.js';
import type { RecordBreastFeedingEnquiryInput } from './check-input.type.js';
import { toBreastFeedingEnquiry } from './check-row.type.js';
import { textOrNull } from './check-text.rules.js';

/** Whether somebody breast-feeds, and for how long they were told to stop: by the policy in force on the day. */
@Injectable()
export class BreastFeedingEnquiryService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(CheckEntryService) private readonly entries: CheckEntryService,
    @Inject(BreastFeedingPolicyService) private readonly policies: BreastFeedingPolicyService,
  ) {}

  /** Throws NOT_FOUND, BAD_INPUT. */
  async recordBreastFeedingEnquiry(
    actor: StaffActor,
    input: RecordBreastFeedingEnquiryInput,
  ): Promise<BreastFeedingEnquiry | EntryRefusal> {
    const problem = answererProblem(input) ?? breastFeedingProblem(input);
    if (problem !== null) throw badInput(problem);
    const { answer, answeredBy } = input;
    return this.database.transaction(
      async (tx) => {
        const act = ExposureAct.ENQUIRE_PREGNANCY;
        const ground = await this.entries.open(tx, actor, CheckKind.BREAST_FEEDING, input, act);
        if (isRefusal(ground)) return ground;
        const { visit, today } = ground;
        const policy = await this.policies.inForce(tx, visit.visitTypeCode, today);
        // The first row comes with the table and is never taken away.
        if (policy === null) throw new Fault('INTERNAL', 'No breast-feeding policy is set.');
        const { interruptionHours, feedsDiscarded } = policy;
        const told =
          answer === BreastFeedingAnswer.YES
            ? {
                ...{ interruptionHours, feedsDiscarded, advice: textOrNull(input.advice) },
                resumeAt: dateFromInstant(resumeAt(injectionEndOf(visit), interruptionHours)),
              }
            : {};
        const row = await this.entries.write(tx, actor, ground, {
          breastFeeding: {
            create: {
              ...{ policyId: policy.id, answer, answeredBy, ...told },
              notApplicableReason: textOrNull(input.notApplicableReason),
              answererName: textOrNull(input.answererName),
              comment: textOrNull(input.comment),
            },
          },
        });
        const enquiry = toBreastFeedingEnquiry(row);
        if (enquiry === null) throw new Error('a breast-feeding enquiry was written without its part');
        return enquiry;
      },
      { onConstraint: CHECK_CONSTRAINTS },
    );
  }
}

/** By its end the tracer is surely in: the first step of a visit with a tracer is its injection. */
function injectionEndOf({ steps, startsAt }: Visit): Temporal.Instant {
  const [injection] = steps;
  return injection?.endedAt ?? injection?.endsAt ?? startsAt;
}
