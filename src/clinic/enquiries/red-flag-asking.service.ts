import { Inject, Injectable } from '@nestjs/common';
import { Database, type Tx } from '../../platform/database/database.service.js';
import type { Prisma } from '../../platform/database/generated/client.js';
import { RedFlagBasis, RedFlagsAsked } from '../../platform/database/generated/enums.js';
import { Clock, dateFromInstant, instantFromDate } from '../../platform/time/index.js';
import type { Actor, StaffActor } from '../audit/audit.type.js';
import type { Enquiry } from './enquiry.type.js';
import type { RedFlagAnswerEntry, RedFlagsEntry } from './enquiry-entry.type.js';
import { EnquiryRecordService } from './enquiry-record.service.js';
import { RedFlagQuestionsDiffer } from './red-flag.refusals.js';
import { raisedCodes, unansweredCodes, wordsSeen } from './red-flag.rules.js';
import type { RecordRedFlagsInput, RedFlagAsking, RedFlagsRecorded } from './red-flag.type.js';
import { RedFlagAlertService, type RedFlagSubject } from './red-flag-alert.service.js';
import { type AskedQuestionnaire, RedFlagQuestionnaireService } from './red-flag-questionnaire.service.js';

const WITH_ANSWERS = {
  questionnaire: { select: { version: true } },
  answers: { include: { question: true }, orderBy: { question: { position: 'asc' } } },
} as const satisfies Prisma.RedFlagAskingInclude;
type AskingRow = Prisma.RedFlagAskingGetPayload<{ include: typeof WITH_ANSWERS }>;
type AskingsById = ReadonlyMap<string, readonly RedFlagAsking[]>;

/** Asking about dangerous signs, on every channel: answers are kept, and whatever they raise is raised with them. */
@Injectable()
export class RedFlagAskingService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(RedFlagQuestionnaireService) private readonly questionnaires: RedFlagQuestionnaireService,
    @Inject(RedFlagAlertService) private readonly alerts: RedFlagAlertService,
    @Inject(EnquiryRecordService) private readonly records: EnquiryRecordService,
  ) {}

  /** What came with an enquiry: answers, or none, and then its words are looked at. What is to be said at once, if anything. */
  async recordFirst(
    tx: Tx,
    actor: Actor,
    enquiry: Enquiry,
    said: RedFlagsEntry,
    text: string | null,
  ): Promise<string | null> {
    if ('notAskedWhy' in said) return this.lookAtText(tx, actor, { enquiryId: enquiry.id }, text ?? '');
    const questionnaire = await this.questionnaires.byId(tx, said.questionnaireId);
    const about = { enquiryId: enquiry.id };
    const { emergencyAdvice } = await this.#record(tx, actor, about, questionnaire, said.answers);
    return emergencyAdvice;
  }

  /**
   * Raises a possible red flag when words of the dated list stand in a text that nobody asked about: e-mail, letter,
   * voicemail. What is to be said at once; null: nothing was seen.
   */
  async lookAtText(tx: Tx, actor: Actor, about: RedFlagSubject, text: string): Promise<string | null> {
    const questionnaire = await this.questionnaires.inForce(tx);
    // Before the first is in force there are no words to look for; whoever is asked questions needs one.
    if (questionnaire === null) return null;
    const { watchWords, emergencyAdvice } = questionnaire;
    const codes = wordsSeen(text, watchWords);
    if (codes.length === 0) return null;
    await this.alerts.raiseIn(tx, actor, { about, askingId: null, basis: RedFlagBasis.FREE_TEXT, codes });
    return emergencyAdvice;
  }

  /** Answers to all questions, given later: on being rung back, or because something changed. */
  async recordRedFlags(
    actor: StaffActor,
    { enquiryId, redFlags }: RecordRedFlagsInput,
  ): Promise<RedFlagsRecorded | RedFlagQuestionsDiffer> {
    return this.database.transaction((tx) => this.recordIn(tx, actor, enquiryId, redFlags));
  }

  /** The same in a transaction that does more, such as the outcome of a call. */
  async recordIn(
    tx: Tx,
    actor: Actor,
    enquiryId: string,
    said: { readonly version: string; readonly answers: readonly RedFlagAnswerEntry[] },
  ): Promise<RedFlagsRecorded | RedFlagQuestionsDiffer> {
    const enquiry = await this.records.mustHave(tx, enquiryId, { hold: true });
    const questionnaire = await this.questionnaires.mustBeInForce(tx);
    const refusal = canRecord(questionnaire, said);
    if (refusal !== null) return refusal;
    await this.records.change(tx, actor, enquiry, {
      action: 'enquiry.red-flags-asked',
      data: { redFlagsAsked: RedFlagsAsked.ASKED },
      detail: { version: said.version },
    });
    return this.#record(tx, actor, { enquiryId }, questionnaire, said.answers);
  }

  /** Every asking of these enquiries, the latest first. */
  async ofEnquiries(client: Tx, ids: readonly string[]): Promise<AskingsById> {
    return askingsBy(client, 'enquiryId', ids);
  }

  /** Answers about a referral that the caller holds. That they were given is the caller's to write down. */
  async recordOfReferral(
    tx: Tx,
    actor: Actor,
    referralId: string,
    said: { readonly version: string; readonly answers: readonly RedFlagAnswerEntry[] },
  ): Promise<RedFlagsRecorded | RedFlagQuestionsDiffer> {
    const questionnaire = await this.questionnaires.mustBeInForce(tx);
    return (
      canRecord(questionnaire, said) ?? this.#record(tx, actor, { referralId }, questionnaire, said.answers)
    );
  }

  /** Every asking of these referrals, the latest first. */
  async ofReferrals(client: Tx, ids: readonly string[]): Promise<AskingsById> {
    return askingsBy(client, 'referralId', ids);
  }

  async #record(
    tx: Tx,
    actor: Actor,
    about: RedFlagSubject,
    questionnaire: AskedQuestionnaire,
    answers: readonly RedFlagAnswerEntry[],
  ): Promise<RedFlagsRecorded> {
    const row = await tx.redFlagAsking.create({
      data: {
        ...about,
        questionnaireId: questionnaire.id,
        askedAt: dateFromInstant(this.clock.now()),
        askedById: actor.id,
        answers: {
          create: answers.flatMap(({ code, answer }) => {
            const questionId = questionnaire.questionIds.get(code);
            return questionId === undefined ? [] : [{ questionId, answer }];
          }),
        },
      },
      include: WITH_ANSWERS,
    });
    const codes = raisedCodes(questionnaire.questions, answers);
    if (codes.length > 0) {
      const basis = RedFlagBasis.ANSWERED;
      await this.alerts.raiseIn(tx, actor, { about, askingId: row.id, basis, codes });
    }
    return {
      asking: toAsking(row),
      emergencyAdvice: codes.length > 0 ? questionnaire.emergencyAdvice : null,
    };
  }
}

/** Each question of the version in force, once. */
export function canRecord(
  questionnaire: AskedQuestionnaire,
  said: { readonly version: string; readonly answers: readonly RedFlagAnswerEntry[] },
): RedFlagQuestionsDiffer | null {
  const { unanswered, isForeign } = unansweredCodes(questionnaire.questions, said.answers);
  const isRight = said.version === questionnaire.version && unanswered.length === 0 && !isForeign;
  return isRight ? null : new RedFlagQuestionsDiffer(questionnaire.version, unanswered);
}

async function askingsBy(
  client: Tx,
  about: 'enquiryId' | 'referralId',
  ids: readonly string[],
): Promise<AskingsById> {
  const rows = await client.redFlagAsking.findMany({
    where: { [about]: { in: [...ids] } },
    include: WITH_ANSWERS,
    orderBy: [{ askedAt: 'desc' }, { id: 'desc' }],
  });
  return new Map(ids.map((id) => [id, rows.filter((row) => row[about] === id).map(toAsking)]));
}

function toAsking(row: AskingRow): RedFlagAsking {
  return {
    id: row.id,
    version: row.questionnaire.version,
    askedAt: instantFromDate(row.askedAt),
    askedById: row.askedById,
    answers: row.answers.map(({ answer, question: { code, kind, wording } }) => ({
      code,
      kind,
      wording,
      answer,
    })),
  };
}
