import { Inject, Injectable } from '@nestjs/common';
import type { Role } from '../../platform/database/generated/enums.js';
import { CommunicationNeedService } from './communication-need.service.js';
import { alertSentence } from './patient-alert.rules.js';
import { PatientAlertService } from './patient-alert.service.js';
import { type PatientFlag, PatientFlagKind } from './patient-flag.type.js';

/** What is shown beside a name: first what can do harm, then what the patient needs to be understood. */
@Injectable()
export class PatientFlagService {
  constructor(
    @Inject(PatientAlertService) private readonly alerts: PatientAlertService,
    @Inject(CommunicationNeedService) private readonly needs: CommunicationNeedService,
  ) {}

  /** The flags of these patients that somebody with these roles may see. */
  async ofPatients(
    patientIds: readonly string[],
    roles: readonly Role[],
  ): Promise<ReadonlyMap<string, readonly PatientFlag[]>> {
    const alerts = await this.alerts.ofPatients(patientIds, roles);
    const needs = await this.needs.ofPatients(patientIds);
    return new Map(
      patientIds.map((id) => {
        const ofAlerts = (alerts.get(id) ?? [])
          .filter(({ isShown }) => isShown)
          .map((alert) => ({
            kind: PatientFlagKind.ALERT,
            subjectId: alert.id,
            sentence: alertSentence(alert),
            severity: alert.severity,
            isReviewDue: false,
          }));
        const ofNeeds = (needs.get(id) ?? [])
          .filter(({ endedAt }) => endedAt === null)
          .map((need) => ({
            kind: PatientFlagKind.COMMUNICATION_NEED,
            subjectId: need.id,
            sentence: need.sentence,
            severity: null,
            isReviewDue: need.isReviewDue,
          }));
        return [id, [...ofAlerts, ...ofNeeds]] as const;
      }),
    );
  }
}
