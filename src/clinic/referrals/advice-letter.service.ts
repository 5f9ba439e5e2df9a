import { Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.service.js';
import { AdviceDirection, AdviceMethod, AdviceStatus } from '../../platform/database/generated/enums.js';
import { plainDateFromDate } from '../../platform/time/index.js';
import type { AdviceMatter, AdviceOverdueMatter } from './advice-letter.type.js';

/** What the room that writes letters has to know of an answer to a referrer. */
@Injectable()
export class AdviceLetterService {
  /**
   * The answer that this message is; null when there is none to send. What was said to a referrer is sent also when they
   * have asked more since, or the thread was closed. For a letter, unrecorded.
   */
  async matter(tx: Tx, messageId: string): Promise<AdviceMatter | null> {
    const message = await tx.adviceMessage.findUnique({
      where: { id: messageId },
      include: { thread: { include: { messages: { orderBy: { position: 'desc' } } } } },
    });
    if (message === null || message.direction !== AdviceDirection.TO_REFERRER) return null;
    if (message.method !== AdviceMethod.EMAIL) return null;
    const { thread, position } = message;
    const question = thread.messages.find(
      (earlier) => earlier.position < position && earlier.direction === AdviceDirection.FROM_REFERRER,
    );
    return {
      threadId: thread.id,
      reference: thread.reference,
      askedOn: plainDateFromDate(question?.happenedOn ?? thread.askedOn),
      patientId: thread.patientId,
      referrer: {
        referrerId: thread.referrerId,
        name: thread.referrerName,
        email: thread.referrerEmail,
      },
      text: message.text,
    };
  }
  /** The question that waits too long; null when it was answered, or escalated again since. For a notice, unrecorded. */
  async overdueMatter(tx: Tx, threadId: string, version: number): Promise<AdviceOverdueMatter | null> {
    const thread = await tx.adviceThread.findUnique({ where: { id: threadId } });
    if (thread === null || thread.escalationsCount !== version) return null;
    if (thread.status !== AdviceStatus.OPEN) return null;
    const { reference, patientId, dueOn } = thread;
    return { threadId, reference, patientId, dueOn: plainDateFromDate(dueOn) };
  }
}
