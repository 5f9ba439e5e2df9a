import { Inject } from '@nestjs/common';
import { Args, Mutation, Query, Resolver } from '@nestjs/graphql';
import { OutcomeInstrument } from '../../platform/database/generated/enums.js';
import type { StaffActor } from '../audit/audit.type.js';
import { Allow, CurrentActor, Permission } from '../auth/permission.type.js';
import { InstrumentWordingService } from './instrument-wording.service.js';
import {
  EndInstrumentWordingInput,
  EndInstrumentWordingResult,
  EnterInstrumentWordingInput,
  EnterInstrumentWordingResult,
  InstrumentWording,
} from './instrument-wording.type.js';

@Resolver(() => InstrumentWording)
export class InstrumentWordingResolver {
  constructor(@Inject(InstrumentWordingService) private readonly wordings: InstrumentWordingService) {}

  @Allow(Permission.RECORD_OUTCOME)
  @Query(() => InstrumentWording, {
    nullable: true,
    description:
      'The words of an instrument to ask with today; null: the clinic holds no licence for them in this language. Needs ' +
      'RECORD_OUTCOME.',
  })
  instrumentWording(
    @Args('instrument', { type: () => OutcomeInstrument, description: 'Which instrument.' })
    instrument: OutcomeInstrument,
    @Args('language', {
      type: () => String,
      nullable: true,
      defaultValue: 'en-GB',
      description: 'Language (BCP 47).',
    })
    language: string | null,
  ) {
    return this.wordings.instrumentWording(instrument, language ?? 'en-GB');
  }

  @Allow(Permission.MANAGE_OUTCOMES)
  @Query(() => [InstrumentWording], {
    description:
      'Every wording with its licence, past and coming ones too; the words only of those that are licensed today. Needs ' +
      'MANAGE_OUTCOMES.',
  })
  instrumentWordings() {
    return this.wordings.instrumentWordings();
  }

  @Allow(Permission.MANAGE_OUTCOMES)
  @Mutation(() => EnterInstrumentWordingResult, {
    description:
      'Enters the words of an instrument under the clinic’s licence; they are shown on the days on which it holds. Refused as ' +
      'InstrumentWordingOverlaps or InstrumentWordingIncomplete. Needs MANAGE_OUTCOMES.',
  })
  enterInstrumentWording(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'The words, and the licence.' }) input: EnterInstrumentWordingInput,
  ) {
    return this.wordings.enterInstrumentWording(actor, input);
  }

  @Allow(Permission.MANAGE_OUTCOMES)
  @Mutation(() => EndInstrumentWordingResult, {
    description:
      'From today on the words are not shown, whatever the licence says. Refused as InstrumentWordingEnded. Needs ' +
      'MANAGE_OUTCOMES.',
  })
  endInstrumentWording(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'Which wording, and why.' }) input: EndInstrumentWordingInput,
  ) {
    return this.wordings.endInstrumentWording(actor, input);
  }
}
