import { Field, ID, InputType, ObjectType, registerEnumType } from '@nestjs/graphql';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsEnum,
  IsOptional,
  IsString,
  Matches,
  MaxLength,
  ValidateNested,
} from 'class-validator';
import type {
  ScanReportDraft as DraftRow,
  ScanReportFinding as FindingRow,
  ScanReportVersion as VersionRow,
} from '../../platform/database/generated/client.js';
import {
  CtGrade,
  FindingSide,
  FindingStructure,
  SpineLevel,
  UptakeGrade,
} from '../../platform/database/generated/enums.js';
import { type FindingFacts, findingInWords, type ReportContentFacts } from './finding.rules.js';

/** Every joint of a spine on both sides, and more than anybody describes. */
const FINDINGS_MAX = 120;
const TEXT_CHARACTERS_MAX = 10_000;
const COMMENT_CHARACTERS_MAX = 500;
const FREE_TEXT = /^(?:[^\p{Cc}\p{Cs}]|[\n\r\t])*$/u;
const PLAIN = { message: '$property: must not contain control characters' };

registerEnumType(FindingStructure, {
  name: 'FindingStructure',
  description: 'Of what a finding is.',
  valuesMap: {
    FACET: { description: 'A facet joint. Has a level between two vertebrae and a side.' },
    SACRO_ILIAC: { description: 'A sacro-iliac joint. Has a side and no level.' },
    DISC: { description: 'A disc. Has a level from C2/C3 down; a side where it matters.' },
    ENDPLATE: { description: 'An endplate. Has the level beside it, or its vertebra.' },
    OTHER: { description: 'Anything else, which the comment names.' },
  },
});

registerEnumType(FindingSide, {
  name: 'FindingSide',
  description: 'On which side of the patient.',
  valuesMap: {
    LEFT: { description: 'The patient’s left.' },
    RIGHT: { description: 'The patient’s right.' },
    BILATERAL: { description: 'Both sides alike. Where they differ there are two findings.' },
    MIDLINE: { description: 'In the middle; of no joint that comes in pairs.' },
  },
});

registerEnumType(UptakeGrade, {
  name: 'UptakeGrade',
  description: 'How much tracer is there, against the bone around it.',
  valuesMap: {
    NONE: { description: 'No more than around it.' },
    MILD: { description: 'A little more.' },
    MODERATE: { description: 'Clearly more.' },
    INTENSE: { description: 'Much more.' },
  },
});

registerEnumType(CtGrade, {
  name: 'CtGrade',
  description: 'How much has changed on CT: narrowing, spurs, sclerosis, cysts.',
  valuesMap: {
    NONE: { description: 'No change.' },
    MILD: { description: 'Little change.' },
    MODERATE: { description: 'Clear change.' },
    SEVERE: { description: 'Severe change.' },
  },
});

registerEnumType(SpineLevel, {
  name: 'SpineLevel',
  description:
    'A level of the spine: a space between two vertebrae (`L4_L5` is L4/L5; C0 is the skull), or a single vertebra (`S1`). ' +
    '`L5_L6` and `L6_S1` are of people with a sixth lumbar vertebra.',
  valuesMap: Object.fromEntries(
    Object.values(SpineLevel).map((level) => [level, { description: levelInWords(level) }]),
  ),
});

/** `L4_L5` is between two vertebrae, `S1` is one. */
function levelInWords(level: SpineLevel): string {
  const [upper = level, lower] = level.split('_');
  return lower === undefined ? `The vertebra ${upper}.` : `${upper}/${lower}, between the two.`;
}

@InputType({ description: 'A finding. What goes with what says its structure; a draft may be incomplete.' })
export class FindingInput {
  @Field(() => FindingStructure, { description: 'Of what.' })
  @IsEnum(FindingStructure)
  readonly structure: FindingStructure;

  @Field(() => SpineLevel, { nullable: true, description: 'At which level; null: it has none.' })
  @IsOptional()
  @IsEnum(SpineLevel)
  readonly level: SpineLevel | null = null;

  @Field(() => FindingSide, { nullable: true, description: 'On which side; null: it has none.' })
  @IsOptional()
  @IsEnum(FindingSide)
  readonly side: FindingSide | null = null;

  @Field(() => UptakeGrade, { description: 'How much tracer.' })
  @IsEnum(UptakeGrade)
  readonly uptake: UptakeGrade;

  @Field(() => CtGrade, { nullable: true, description: 'How much change on CT; null: not looked at on CT.' })
  @IsOptional()
  @IsEnum(CtGrade)
  readonly ctGrade: CtGrade | null = null;

  @Field(() => String, {
    nullable: true,
    defaultValue: '',
    description: 'In words, at most 500 characters; of another structure it says which.',
  })
  @IsString()
  @MaxLength(COMMENT_CHARACTERS_MAX)
  @Matches(FREE_TEXT, PLAIN)
  readonly comment: string = '';
}

@InputType({
  description: 'The text and the findings of a report. Texts have at most 10,000 characters each.',
})
export class ReportContentInput {
  @Field(() => String, {
    description: 'The clinical question that it answers. Must be there when it is signed.',
  })
  @IsString()
  @MaxLength(TEXT_CHARACTERS_MAX)
  @Matches(FREE_TEXT, PLAIN)
  readonly clinicalQuestion: string;

  @Field(() => String, {
    nullable: true,
    defaultValue: '',
    description: 'With what it was compared: earlier imaging and its dates.',
  })
  @IsString()
  @MaxLength(TEXT_CHARACTERS_MAX)
  @Matches(FREE_TEXT, PLAIN)
  readonly comparison: string = '';

  @Field(() => String, {
    nullable: true,
    defaultValue: '',
    description: 'What limits it: movement, metal, uptake outside of the window.',
  })
  @IsString()
  @MaxLength(TEXT_CHARACTERS_MAX)
  @Matches(FREE_TEXT, PLAIN)
  readonly limitations: string = '';

  @Field(() => String, { description: 'The conclusion. Must be there when it is signed.' })
  @IsString()
  @MaxLength(TEXT_CHARACTERS_MAX)
  @Matches(FREE_TEXT, PLAIN)
  readonly conclusion: string;

  @Field(() => Boolean, {
    nullable: true,
    defaultValue: false,
    description: 'Nothing abnormal is to be seen. A report without findings has to say so.',
  })
  @IsBoolean()
  readonly isNormal: boolean = false;

  @Field(() => [FindingInput], {
    description: 'The findings, in the order in which they are to be read; at most 120.',
  })
  @IsArray()
  @ArrayMaxSize(FINDINGS_MAX)
  @ValidateNested({ each: true })
  @Type(() => FindingInput)
  readonly findings: readonly FindingInput[];
}

@ObjectType({ description: 'A finding of a scan.' })
export class Finding {
  @Field(() => ID, {
    nullable: true,
    description:
      'Id of the signed finding (UUID): what is planned because of it names it. Another version has others. null: of a draft.',
  })
  readonly id: string | null;

  @Field(() => FindingStructure, { description: 'Of what.' })
  readonly structure: FindingStructure;

  @Field(() => SpineLevel, { nullable: true, description: 'At which level; null: it has none.' })
  readonly level: SpineLevel | null;

  @Field(() => FindingSide, { nullable: true, description: 'On which side; null: it has none.' })
  readonly side: FindingSide | null;

  @Field(() => UptakeGrade, { description: 'How much tracer.' })
  readonly uptake: UptakeGrade;

  @Field(() => CtGrade, { nullable: true, description: 'How much change on CT; null: not looked at on CT.' })
  readonly ctGrade: CtGrade | null;

  @Field(() => String, { description: 'In words; empty: nothing was added.' })
  readonly comment: string;

  @Field(() => String, { description: 'The finding as a sentence: L4/L5 facet joint, left: intense uptake.' })
  readonly inWords: string;
}

@ObjectType({ description: 'The text and the findings of a report.' })
export class ReportContent {
  @Field(() => String, { description: 'The clinical question that it answers.' })
  readonly clinicalQuestion: string;

  @Field(() => String, { description: 'With what it was compared; empty: with nothing.' })
  readonly comparison: string;

  @Field(() => String, { description: 'What limits it; empty: nothing was said.' })
  readonly limitations: string;

  @Field(() => String, { description: 'The conclusion.' })
  readonly conclusion: string;

  @Field(() => Boolean, { description: 'Nothing abnormal is to be seen.' })
  readonly isNormal: boolean;

  @Field(() => [Finding], { description: 'The findings, in order.' })
  readonly findings: readonly Finding[];
}

/** What is written, as it is shown: each finding in words, too, and once it is signed by its id. */
export function toContent(facts: ReportContentFacts, findingIds: readonly string[] = []): ReportContent {
  const { clinicalQuestion, comparison, limitations, conclusion, isNormal, findings } = facts;
  return {
    ...{ clinicalQuestion, comparison, limitations, conclusion, isNormal },
    findings: findings.map((finding, at) => ({
      ...{ ...finding, id: findingIds[at] ?? null, inWords: findingInWords(finding) },
    })),
  };
}

/** Findings of a draft are kept as they were checked when they came in. */
export function contentOfDraft(row: DraftRow): ReportContentFacts {
  const { clinicalQuestion, comparison, limitations, conclusion, isNormal } = row;
  const findings = row.findings as unknown as readonly FindingFacts[];
  return { clinicalQuestion, comparison, limitations, conclusion, isNormal, findings };
}

/** A signed version with its findings. */
export type SignedRow = VersionRow & { readonly findings: readonly FindingRow[] };

export function contentOfSigned(row: SignedRow): ReportContent {
  const inOrder = row.findings.toSorted((a, b) => a.position - b.position);
  return toContent(
    contentOfVersion(row),
    inOrder.map(({ id }) => id),
  );
}

export function contentOfVersion(row: SignedRow): ReportContentFacts {
  const { clinicalQuestion, comparison, limitations, conclusion, isNormal } = row;
  const findings = row.findings
    .toSorted((a, b) => a.position - b.position)
    .map(({ structure, level, side, uptake, ctGrade, comment }) => ({
      ...{ structure, level, side, uptake, ctGrade, comment },
    }));
  return { clinicalQuestion, comparison, limitations, conclusion, isNormal, findings };
}
