import { Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.service.js';
import { instantFromDate } from '../../platform/time/index.js';
import type { RiskTaskMatter } from './risk-task-letter.type.js';

/** What notices about risk tasks say, as it stands when they are written. */
@Injectable()
export class RiskTaskLetterService {
  /** What the clinic is told of a task; null once somebody has taken it on in time, it is closed, or it was told again since. */
  async matter(tx: Tx, id: string, version: number): Promise<RiskTaskMatter | null> {
    const task = await tx.riskTask.findUnique({ where: { id } });
    if (task === null || task.status === 'CLOSED' || task.escalationsCount !== version) return null;
    // The first notice says that nobody has it yet; the later ones that it is late, whoever has it.
    if (version === 0 && task.status !== 'OPEN') return null;
    const { reference, patientId, raisedAt } = task;
    return { riskTaskId: id, reference, patientId, raisedAt: instantFromDate(raisedAt) };
  }
}
