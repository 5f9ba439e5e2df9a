import { Inject, ParseUUIDPipe } from '@nestjs/common';
import { Args, ID, Mutation, Query, Resolver } from '@nestjs/graphql';
import { PageInput } from '../../platform/graphql/page.type.js';
import type { StaffActor } from '../audit/audit.type.js';
import { Allow, CurrentActor, Permission } from '../auth/permission.type.js';
import { LetterService } from './letter.service.js';
import {
  Letter,
  LetterFilterInput,
  LetterPage,
  LetterViewResult,
  ResendLetterInput,
  ResendLetterResult,
} from './letter.type.js';
import { LetterPrintService } from './letter-print.service.js';

@Resolver(() => Letter)
export class LetterResolver {
  constructor(
    @Inject(LetterService) private readonly service: LetterService,
    @Inject(LetterPrintService) private readonly print: LetterPrintService,
  ) {}

  @Allow(Permission.READ_LETTER)
  @Query(() => LetterPage, {
    description: 'The ledger of letters, newest first. Needs READ_LETTER; the look is recorded.',
  })
  letters(
    @CurrentActor() actor: StaffActor,
    @Args('filter', { type: () => LetterFilterInput, defaultValue: {}, description: 'Narrows the list.' })
    filter: LetterFilterInput,
    @Args('page', { type: () => PageInput, defaultValue: {}, description: 'Which part of the list.' })
    page: PageInput,
  ) {
    return this.service.letters(actor, filter, page);
  }

  @Allow(Permission.RESEND_LETTER)
  @Query(() => LetterViewResult, {
    description:
      'A letter as it reads now, to print it and send it by post. Needs RESEND_LETTER; the look is recorded.',
  })
  letterView(
    @CurrentActor() actor: StaffActor,
    @Args('letterId', { type: () => ID, description: 'Which letter.' }, ParseUUIDPipe) letterId: string,
  ) {
    return this.print.letterView(actor, letterId);
  }

  @Allow(Permission.RESEND_LETTER)
  @Mutation(() => ResendLetterResult, {
    description:
      'Makes a letter due again that failed, may have been lost, or was not sent. Whether and where it goes is decided ' +
      'afresh. Needs RESEND_LETTER.',
  })
  resendLetter(
    @CurrentActor() actor: StaffActor,
    @Args('input', { type: () => ResendLetterInput, description: 'Which letter, and why.' })
    input: ResendLetterInput,
  ) {
    return this.service.resendLetter(actor, input);
  }
}
