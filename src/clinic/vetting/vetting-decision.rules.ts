import { BreastFeedingSaid, PregnancySaid } from '../../platform/database/generated/enums.js';

/** Whether the practitioner has to give special attention to a pregnancy or breast-feeding (IR(ME)R 2017, regulation 11(3)). */
export function needsAttention({
  pregnancy,
  breastFeeding,
}: {
  readonly pregnancy: PregnancySaid | null;
  readonly breastFeeding: BreastFeedingSaid | null;
}): boolean {
  return (
    pregnancy === PregnancySaid.PREGNANT ||
    pregnancy === PregnancySaid.CANNOT_BE_EXCLUDED ||
    breastFeeding === BreastFeedingSaid.YES
  );
}
