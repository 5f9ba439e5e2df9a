import { Inject, Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.service.js';
import { CallBackStatus } from '../../platform/database/generated/enums.js';
import type { CallBackMatter } from './call-back-letter.type.js';
import { CallBackRecordService } from './call-back-record.service.js';

/** What the room that writes letters has to know of a call-back. */
@Injectable()
export class CallBackLetterService {
  constructor(@Inject(CallBackRecordService) private readonly records: CallBackRecordService) {}

  /** What a notice about an overdue call-back has to say; null once it changed, or somebody was reached. Unrecorded. */
  async matter(client: Tx, callBackId: string, version: number): Promise<CallBackMatter | null> {
    const [callBack] = await this.records.byIds(client, [callBackId]);
    if (callBack === undefined || callBack.version !== version) return null;
    const { status, isOverdue, enquiryId, reference, patientId, dueAt } = callBack;
    if (status !== CallBackStatus.WAITING || !isOverdue) return null;
    return { callBackId, enquiryId, reference, patientId, dueAt };
  }
}
