import { Field, Float, InputType, registerEnumType } from '@nestjs/graphql';
import { IsEnum, IsNumber, Max, Min } from 'class-validator';
import { Activity, ActivityUnit } from './activity.rules.js';

// For later rooms, which reach a room's rules through its types.
export { Activity, ActivityUnit } from './activity.rules.js';
export {
  type Administered,
  decayed,
  decayFactor,
  type HalfLife,
  netAdministered,
} from './decay.rules.js';

/** A generator's whole yield in kBq is below this; whatever is more is a slip of the keyboard. */
const VALUE_MAX = 1_000_000_000;
/** A thousandth of a kBq is noise on every calibrator. */
const VALUE_MIN = 0.000_001;

registerEnumType(ActivityUnit, {
  name: 'ActivityUnit',
  description: 'Unit of an activity that is sent. It is kept and answered in MBq.',
  valuesMap: {
    MBQ: { description: 'Megabecquerel.' },
    KBQ: { description: 'Kilobecquerel; 1,000 are 1 MBq.' },
    MCI: { description: 'Millicurie; 1 is 37 MBq, exactly.' },
  },
});

@InputType({ description: 'An amount of radioactivity with its unit.' })
export class ActivityInput {
  @Field(() => Float, { description: `How much, in the unit given: from ${VALUE_MIN} to ${VALUE_MAX}.` })
  @IsNumber({ allowNaN: false, allowInfinity: false })
  @Min(VALUE_MIN)
  @Max(VALUE_MAX)
  value: number;

  @Field(() => ActivityUnit, { description: 'Its unit.' })
  @IsEnum(ActivityUnit)
  unit: ActivityUnit;
}

export function toActivity({ value, unit }: ActivityInput): Activity {
  return Activity.of(value, unit);
}
