import { Injectable } from '@nestjs/common';
import { OutcomeInstrument } from '../../platform/database/generated/enums.js';
import { INSTRUMENT_RULES, type InstrumentRules } from './instrument.rules.js';
import type { OutcomeInstrumentRules } from './outcome.type.js';

/** How instruments are scored here, for whoever looks at a figure and asks where it comes from. */
@Injectable()
export class InstrumentService {
  outcomeInstruments(): readonly OutcomeInstrumentRules[] {
    return Object.values(OutcomeInstrument).map((instrument) => this.rulesOf(instrument));
  }

  rulesOf(instrument: OutcomeInstrument): OutcomeInstrumentRules {
    const { missing: _, riskItem, ...rules }: InstrumentRules = INSTRUMENT_RULES[instrument];
    return { ...rules, instrument, riskItem: riskItem?.item ?? null };
  }
}
