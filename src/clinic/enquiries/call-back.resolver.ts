import { Inject, ParseUUIDPipe } from '@nestjs/common';
import { Args, ID, Mutation, Query, Resolver } from '@nestjs/graphql';
import { PageInput } from '../../platform/graphql/page.type.js';
import type { StaffActor } from '../audit/audit.type.js';
import { Allow, CurrentActor, Permission } from '../auth/permission.type.js';
import { CallBackService } from './call-back.service.js';
import { CallBack, CallBackPage } from './call-back.type.js';
import { CallBackEntryService } from './call-back-entry.service.js';
import { RecordCallResult } from './call-back-entry.type.js';
import {
  AskForCallBackInput,
  CallBackFilterInput,
  CallBackInput,
  CloseCallBackInput,
  CloseCallBackResult,
  GiveCallBackNumberInput,
  HandleCallBackResult,
  RecordCallBackAttemptInput,
  RecordCallBackAttemptResult,
  RecordMissedCallInput,
  RecordVoicemailInput,
  ReopenCallBackInput,
} from './call-back-input.type.js';
import { CallBackQueueService } from './call-back-queue.service.js';

@Resolver(() => CallBack)
export class CallBackResolver {
  constructor(
    @Inject(CallBackQueueService) private readonly queue: CallBackQueueService,
    @Inject(CallBackEntryService) private readonly entries: CallBackEntryService,
    @Inject(CallBackService) private readonly handling: CallBackService,
  ) {}

  @Allow(Permission.READ_ENQUIRY)
  @Query(() => CallBackPage, {
    description:
      'Who is to be rung, the one that is due first before the others. The look is recorded. Needs READ_ENQUIRY.',
  })
  callBacks(
    @CurrentActor() actor: StaffActor,
    @Args('filter', {
      type: () => CallBackFilterInput,
      defaultValue: {},
      description: 'Which ones; all that are open.',
    })
    filter: CallBackFilterInput,
    @Args('page', { type: () => PageInput, defaultValue: {}, description: 'Which part of the list.' })
    page: PageInput,
  ) {
    return this.queue.callBacks(actor, filter, page);
  }

  @Allow(Permission.READ_ENQUIRY)
  @Query(() => CallBack, {
    description: 'One call-back. The look is recorded. Needs READ_ENQUIRY.',
  })
  callBack(
    @CurrentActor() actor: StaffActor,
    @Args('id', { type: () => ID, description: 'Id of the call-back.' }, ParseUUIDPipe) id: string,
  ) {
    return this.queue.callBack(actor, id);
  }

  @Allow(Permission.HANDLE_ENQUIRY)
  @Mutation(() => RecordCallResult, {
    description:
      'Records a voicemail: a new enquiry with a call-back, or one more call on the open call-back to the same number. Words that may be a sign of danger raise a red flag at once. Needs HANDLE_ENQUIRY.',
  })
  recordVoicemail(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'Who rang, and what they said.' }) input: RecordVoicemailInput,
  ) {
    return this.entries.recordVoicemail(actor, input);
  }

  @Allow(Permission.HANDLE_ENQUIRY)
  @Mutation(() => RecordCallResult, {
    description:
      'Records a missed call: a new enquiry with a call-back, or one more call on the open call-back to the same number. Needs HANDLE_ENQUIRY.',
  })
  recordMissedCall(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'Who rang.' }) input: RecordMissedCallInput,
  ) {
    return this.entries.recordMissedCall(actor, input);
  }

  @Allow(Permission.HANDLE_ENQUIRY)
  @Mutation(() => RecordCallResult, {
    description: 'An enquirer asks to be rung: a call-back for their enquiry. Needs HANDLE_ENQUIRY.',
  })
  askForCallBack(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'Whose enquiry, and by which number.' }) input: AskForCallBackInput,
  ) {
    return this.entries.askForCallBack(actor, input);
  }

  @Allow(Permission.HANDLE_ENQUIRY)
  @Mutation(() => HandleCallBackResult, {
    description:
      'Takes a call-back in hand, until the claim lapses. Refused while somebody else has it. Needs HANDLE_ENQUIRY.',
  })
  claimCallBack(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'Which one.' }) input: CallBackInput,
  ) {
    return this.handling.claimCallBack(actor, input);
  }

  @Allow(Permission.HANDLE_ENQUIRY)
  @Mutation(() => HandleCallBackResult, {
    description: 'Lets a call-back go, for others. Refused while somebody else has it. Needs HANDLE_ENQUIRY.',
  })
  releaseCallBack(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'Which one.' }) input: CallBackInput,
  ) {
    return this.handling.releaseCallBack(actor, input);
  }

  @Allow(Permission.HANDLE_ENQUIRY)
  @Mutation(() => HandleCallBackResult, {
    description:
      'Says by which number they can be reached. Refused where another open call-back has it. Needs HANDLE_ENQUIRY.',
  })
  giveCallBackNumber(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'Which call-back, which number.' }) input: GiveCallBackNumberInput,
  ) {
    return this.handling.giveCallBackNumber(actor, input);
  }

  @Allow(Permission.HANDLE_ENQUIRY)
  @Mutation(() => RecordCallBackAttemptResult, {
    description:
      'Records how ringing them went, and says when to ring next. A message is refused where it is not known to be safe. Needs HANDLE_ENQUIRY.',
  })
  recordCallBackAttempt(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'How it went.' }) input: RecordCallBackAttemptInput,
  ) {
    return this.handling.recordCallBackAttempt(actor, input);
  }

  @Allow(Permission.HANDLE_ENQUIRY)
  @Mutation(() => CloseCallBackResult, {
    description:
      'Says what came of a call-back. Nobody counts as unreachable before they were tried often enough, and nothing is closed over an open red flag. Needs HANDLE_ENQUIRY.',
  })
  closeCallBack(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'What came of it.' }) input: CloseCallBackInput,
  ) {
    return this.handling.closeCallBack(actor, input);
  }

  @Allow(Permission.HANDLE_ENQUIRY)
  @Mutation(() => HandleCallBackResult, {
    description:
      'Opens a closed call-back again, by the service level from now on. Refused where another is open to the number. Needs HANDLE_ENQUIRY.',
  })
  reopenCallBack(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'Which one, and why.' }) input: ReopenCallBackInput,
  ) {
    return this.handling.reopenCallBack(actor, input);
  }
}
