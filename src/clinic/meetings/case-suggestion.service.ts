import { Inject, Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/database.service.js';
import { ResponseFollowUp, UptakeGrade } from '../../platform/database/generated/enums.js';
import type { UnattendedActor } from '../audit/audit.type.js';
import { REPORT_FOR_TEAM } from '../reports/report-letter.type.js';
import { ReportRecordService } from '../reports/report-record.service.js';
import { ResponseService } from '../responses/response.service.js';
import { RESPONSE_JUDGED } from '../responses/response.type.js';
import type { Treatment } from '../treatments/treatment.type.js';
import { CaseGroundService } from './case-ground.service.js';
import { CaseProposalService } from './case-proposal.service.js';
import { CORRECTED_BECAUSE, failedBecause, foundBecause, judgedAgainBecause } from './case-reason.rules.js';
import { REASON_CHARACTERS_MAX } from './meeting.type.js';

const systemOf = (label: string): UnattendedActor => ({
  ...{ kind: 'SYSTEM', id: null, label, requestId: null, source: null },
});

/** What the system proposes for the team, and takes back when what it stood on was put right. */
@Injectable()
export class CaseSuggestionService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(CaseGroundService) private readonly ground: CaseGroundService,
    @Inject(CaseProposalService) private readonly proposals: CaseProposalService,
    @Inject(ResponseService)
    private readonly responses: Pick<ResponseService, 'judgement' | 'painSourceMap'>,
    @Inject(ReportRecordService) private readonly reports: Pick<ReportRecordService, 'standing'>,
  ) {}

  /** A final report with something on it brings its patient; one that was corrected to show nothing does not. */
  async afterReport(reportId: string): Promise<void> {
    await this.database.transaction(async (tx) => {
      const found = await this.reports.standing(tx, reportId);
      if (found === null) return;
      await this.ground.mustHavePatient(tx, found.patientId, found.referralId);
      // Looked at again now that the patient is held, as with responses: what stands now is what is proposed.
      const report = await this.reports.standing(tx, reportId);
      if (report === null) return;
      const { patientId, referralId, versionId: groundId } = report;
      const findings = report.findings.filter(({ uptake }) => uptake !== UptakeGrade.NONE);
      await this.proposals.suggest(tx, systemOf(REPORT_FOR_TEAM), {
        ...{ patientId, referralId, kind: 'FINDING', sourceId: reportId, groundId },
        because:
          findings.length === 0
            ? null
            : foundBecause(
                findings.map(({ inWords }) => inWords),
                REASON_CHARACTERS_MAX,
              ),
        withdrawReason: CORRECTED_BECAUSE,
      });
    });
  }

  /** A treatment that did not help brings its patient back; one that was judged otherwise since does not. */
  async afterResponse(judgementId: string): Promise<void> {
    await this.database.transaction(async (tx) => {
      const found = await this.responses.judgement(tx, judgementId);
      if (found === null) return;
      await this.ground.mustHavePatient(tx, found.treatment.patientId, found.treatment.referralId);
      // Looked at again now that the patient is held: of two judgements at once the later one has the last word.
      const judged = await this.responses.judgement(tx, judgementId);
      if (judged === null || !judged.isStanding) return;
      const { judgement, treatment } = judged;
      const isBack = judgement.followUp === ResponseFollowUp.BACK_TO_TEAM;
      const next = isBack ? (await this.responses.painSourceMap(tx, treatment.patientId)).next : null;
      const places = placesOf(treatment);
      const { kind, otherName } = treatment;
      await this.proposals.suggest(tx, systemOf(RESPONSE_JUDGED), {
        ...{ patientId: treatment.patientId, referralId: treatment.referralId },
        ...{ kind: 'FAILED_TREATMENT', sourceId: treatment.id, groundId: judgement.id },
        because: isBack
          ? failedBecause({ kind, otherName, places }, judgement, next, REASON_CHARACTERS_MAX)
          : null,
        withdrawReason: judgedAgainBecause(judgement),
      });
    });
  }
}

/** Where it was given: a place that was left out was not treated, and nothing is said of it. */
function placesOf({ record, targets }: Treatment): readonly string[] {
  const treated = record?.targets.filter(({ wasTreated }) => wasTreated).map(({ position }) => position);
  return targets
    .filter(({ position }) => treated === undefined || treated.includes(position))
    .map(({ inWords }) => inWords);
}
