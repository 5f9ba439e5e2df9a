import { Field, ID, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import {
  ResponseCharacterSet,
  ScannerTransport,
  ScheduledStepStatus,
} from '../../platform/database/generated/enums.js';
import { Instant } from '../../platform/graphql/scalars.js';
import type { Temporal } from '../../platform/time/index.js';

registerEnumType(ResponseCharacterSet, {
  name: 'ResponseCharacterSet',
  description:
    'DICOM Specific Character Set (0008,0005) of answers that are not plain ASCII (PS3.3 §C.12.1.1.2). What a set lacks is sent as its base letter.',
  valuesMap: {
    ISO_IR_100: { description: 'ISO_IR 100, Latin alphabet No. 1: Western Europe.' },
    ISO_IR_101: { description: 'ISO_IR 101, Latin alphabet No. 2: Central Europe.' },
    ISO_IR_109: { description: 'ISO_IR 109, Latin alphabet No. 3: Southern Europe, Maltese, Esperanto.' },
    ISO_IR_110: { description: 'ISO_IR 110, Latin alphabet No. 4: Northern Europe.' },
    ISO_IR_144: { description: 'ISO_IR 144, Cyrillic.' },
    ISO_IR_127: { description: 'ISO_IR 127, Arabic.' },
    ISO_IR_126: { description: 'ISO_IR 126, Greek.' },
    ISO_IR_138: { description: 'ISO_IR 138, Hebrew.' },
    ISO_IR_148: { description: 'ISO_IR 148, Latin alphabet No. 5: Turkish.' },
    ISO_IR_203: { description: 'ISO_IR 203, Latin alphabet No. 9: Western Europe with the euro sign.' },
    ISO_IR_13: { description: 'ISO_IR 13, Japanese half-width katakana.' },
    ISO_IR_166: { description: 'ISO_IR 166, Thai.' },
    ISO_IR_192: { description: 'ISO_IR 192, Unicode in UTF-8.' },
    GB18030: { description: 'GB18030, Chinese.' },
    GBK: { description: 'GBK, Chinese.' },
    ISO_2022_IR_87: {
      description: 'ISO 2022 with code extensions: ASCII and JIS X 0208 (Japanese kanji).',
    },
    ISO_2022_IR_13_87: {
      description: 'ISO 2022 with code extensions: JIS X 0201 (katakana) and JIS X 0208 (Japanese kanji).',
    },
    ISO_2022_IR_87_159: {
      description: 'ISO 2022 with code extensions: ASCII, JIS X 0208 and JIS X 0212 (more kanji).',
    },
    ISO_2022_IR_149: { description: 'ISO 2022 with code extensions: ASCII and KS X 1001 (Korean).' },
    ISO_2022_IR_58: { description: 'ISO 2022 with code extensions: ASCII and GB 2312 (Chinese).' },
  },
});

registerEnumType(ScheduledStepStatus, {
  name: 'ScheduledStepStatus',
  description: 'DICOM Scheduled Procedure Step Status (0040,0020).',
  valuesMap: {
    SCHEDULED: { description: 'To be done.' },
    STARTED: { description: 'The scanner says that it has begun.' },
    COMPLETED: { description: 'It is done.' },
    DISCONTINUED: { description: 'It was begun and not finished.' },
  },
});

registerEnumType(ScannerTransport, {
  name: 'ScannerTransport',
  description: 'How a scanner has to call.',
  valuesMap: {
    PLAIN_OR_TLS: { description: 'Either port will do.' },
    TLS: { description: 'Only through TLS (PS3.15 §B.12).' },
    MUTUAL_TLS: {
      description: 'Only through TLS, and it has to show a certificate of its own that we know or trust.',
    },
  },
});

@ObjectType({ description: 'A scanner that may ask for its worklist, and how it is answered: its profile.' })
export class Scanner {
  @Field(() => ID, { description: 'Id of the scanner.' })
  readonly id: string;

  @Field(() => String, { description: 'Name for people.' })
  readonly name: string;

  @Field(() => ID, { description: 'The camera that patients are booked on.' })
  readonly cameraId: string;

  @Field(() => [String], { description: 'AE titles it may call itself.' })
  readonly callingAETitles: readonly string[];

  @Field(() => [String], { description: 'IP addresses it may call from; empty: any.' })
  readonly sourceAddresses: readonly string[];

  @Field(() => ScannerTransport, { description: 'How it has to call.' })
  readonly transport: ScannerTransport;

  @Field(() => String, {
    nullable: true,
    description:
      'SHA-256 of the certificate that it must show, 64 hexadecimal digits in lower case; null: any that our authority signed. Only with MUTUAL_TLS.',
  })
  readonly certificateSha256: string | null;

  @Field(() => String, { description: 'DICOM Scheduled Station AE Title (0040,0001) of its worklist items.' })
  readonly stationAETitle: string;

  @Field(() => String, { description: 'DICOM Scheduled Station Name (0040,0010).' })
  readonly stationName: string;

  @Field(() => [String], {
    description: 'One scheduled step for each: NM, or NM and CT where it wants them apart.',
  })
  readonly modalities: readonly string[];

  @Field(() => ResponseCharacterSet, { description: 'Character set of the answers.' })
  readonly responseCharacterSet: ResponseCharacterSet;

  @Field(() => Boolean, { description: 'A query that names no station asks for this scanner’s own items.' })
  readonly ownStationByDefault: boolean;

  @Field(() => Boolean, {
    description: 'It is never offered the items of another scanner, whatever its query names.',
  })
  readonly ownItemsOnly: boolean;

  @Field(() => Int, { description: 'Largest number of answers to one query; more ends it with A700.' })
  readonly answersMax: number;

  @Field(() => [ScheduledStepStatus], { description: 'Steps that stand so are not offered.' })
  readonly hiddenStatuses: readonly ScheduledStepStatus[];

  @Field(() => Int, { description: 'Days before today that are offered, on the clock beside the scanner.' })
  readonly daysBefore: number;

  @Field(() => Int, { description: 'Days after today that are offered, on the clock beside the scanner.' })
  readonly daysAfter: number;

  @Field(() => String, {
    nullable: true,
    description: 'IANA name of the clock beside the scanner, such as Europe/London; null: the clinic’s.',
  })
  readonly timeZone: string | null;

  @Field(() => Boolean, {
    description: 'Every type 2 attribute is sent, if only empty, whether or not it was asked for.',
  })
  readonly sendsEveryType2: boolean;

  @Field(() => Int, {
    description:
      'A step that it began and has not ended after so many hours is taken off the worklist and shown to staff.',
  })
  readonly performedStepHoursMax: number;

  @Field(() => Int, { description: 'Rises with each change of the profile. Send it back when revising.' })
  readonly version: number;

  @Field(() => Instant, { description: 'Since when it may call.' })
  readonly connectedAt: Temporal.Instant;

  @Field(() => Instant, { nullable: true, description: 'Since when it may no longer call; null: it may.' })
  readonly retiredAt: Temporal.Instant | null;

  @Field(() => [String], {
    description: 'What a person should know about the safety of this profile, in sentences; empty: nothing.',
  })
  readonly warnings: readonly string[];
}
