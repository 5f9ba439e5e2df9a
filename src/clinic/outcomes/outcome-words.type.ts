import { registerEnumType } from '@nestjs/graphql';
import { NrsPeriod, OutcomeInstrument, ScoreMode } from '../../platform/database/generated/enums.js';

registerEnumType(OutcomeInstrument, {
  name: 'OutcomeInstrument',
  description: 'A questionnaire or scale that patients answer. How each is scored: `outcomeInstruments`.',
  valuesMap: {
    NRS: { description: 'Numerical rating scale of pain, one figure from 0 to 10.' },
    ODI: { description: 'Oswestry Disability Index, ten sections of 0 to 5; 0 to 100 %, higher is worse.' },
    PHQ9: {
      description:
        'Patient Health Questionnaire, nine items of 0 to 3; 0 to 27. Item 9 above 0 raises a task.',
    },
    GAD7: { description: 'Generalised Anxiety Disorder scale, seven items of 0 to 3; 0 to 21.' },
    PSEQ: {
      description: 'Pain Self-Efficacy Questionnaire, ten items of 0 to 6; 0 to 60, higher is better.',
    },
  },
});

registerEnumType(ScoreMode, {
  name: 'ScoreMode',
  description: 'How the answers came.',
  valuesMap: {
    PAPER: { description: 'On paper, and typed in.' },
    IN_PERSON: { description: 'Asked face to face.' },
    TELEPHONE: { description: 'Asked on the telephone.' },
    ONLINE: { description: 'On a form of the patient’s own.' },
  },
});

registerEnumType(NrsPeriod, {
  name: 'NrsPeriod',
  description: 'Which time a figure of pain is about. Figures about different times are not compared.',
  valuesMap: {
    NOW: { description: 'At this moment.' },
    PAST_DAY_AVERAGE: { description: 'On average in the past 24 hours.' },
    PAST_WEEK_AVERAGE: { description: 'On average in the past week.' },
    PAST_WEEK_WORST: { description: 'At its worst in the past week.' },
  },
});
