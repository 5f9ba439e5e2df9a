import { registerEnumType } from '@nestjs/graphql';
import { RegistrationBody } from '../../platform/database/generated/enums.js';

// Of staff and of those who refer patients: wherever it is named, it is known to the graph.

registerEnumType(RegistrationBody, {
  name: 'RegistrationBody',
  description: 'Whose register a professional is on.',
  valuesMap: {
    GMC: { description: 'General Medical Council: seven digits.' },
    HCPC: { description: 'Health and Care Professions Council: two letters and digits, such as PH123456.' },
    NMC: { description: 'Nursing and Midwifery Council: a PIN such as 12A3456E.' },
    OTHER: { description: 'Another body, here or abroad.' },
  },
});

export { RegistrationBody };
