import { Field, InputType, ObjectType } from '@nestjs/graphql';
import { ArrayMaxSize, IsArray, IsNotEmpty, IsOptional, IsString, Matches, MaxLength } from 'class-validator';
import type { Site as SiteRow } from '../../platform/database/generated/client.js';
import { resultUnion } from '../../platform/graphql/result-union.js';
import { LocalDate } from '../../platform/graphql/scalars.js';
import { plainDateFromDate } from '../../platform/time/index.js';
import { InThePast } from './schedule.refusals.js';
import { SiteCodeTaken, SiteInUse } from './site.refusals.js';

export const SITE_CODE = /^[A-Z][A-Z0-9_]{1,19}$/;
export const SITE_CODE_EXPECTED = '$property must be the code of a site in capitals, such as MAIN';
const SITE_NAME_MAX_CHARACTERS = 60;
/** As many as fit above the text of a letter. */
const ADDRESS_LINES_MAX = 6;
const ADDRESS_LINE_MAX_CHARACTERS = 60;
const NO_OUTER_SPACE = /^\S(.*\S)?$/u;
const NO_OUTER_SPACE_EXPECTED = '$property must not be empty, nor begin or end with a space';

@ObjectType({ description: 'A place at which the clinic works. A visit happens at one of them.' })
export class Site {
  @Field(() => String, { description: 'Its code, in capitals: `MAIN`. Never changes.' })
  readonly code: string;

  @Field(() => String, { description: 'Its name, for people.' })
  readonly name: string;

  @Field(() => [String], { description: 'Where it is, line by line, as in a letter; may be empty.' })
  readonly addressLines: readonly string[];

  @Field(() => LocalDate, {
    nullable: true,
    description: 'The first day on which nothing happens there any more; null while it is in use.',
  })
  readonly retiredOn: string | null;
}

@InputType({ description: 'A new site. Nothing is there until a resource is added.' })
export class AddSiteInput {
  @Field(() => String, {
    description: 'Its code, which stays: 2 to 20 capitals, digits and underscores, such as NORTH.',
  })
  @IsString()
  @Matches(SITE_CODE, { message: SITE_CODE_EXPECTED })
  code: string;

  @Field(() => String, { description: `Its name, at most ${SITE_NAME_MAX_CHARACTERS} characters.` })
  @IsString()
  @IsNotEmpty()
  @MaxLength(SITE_NAME_MAX_CHARACTERS)
  @Matches(NO_OUTER_SPACE, { message: NO_OUTER_SPACE_EXPECTED })
  name: string;

  @Field(() => [String], {
    nullable: true,
    description: `Where it is, at most ${ADDRESS_LINES_MAX} lines of at most ${ADDRESS_LINE_MAX_CHARACTERS} characters. Left out: none.`,
  })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(ADDRESS_LINES_MAX)
  @IsString({ each: true })
  @MaxLength(ADDRESS_LINE_MAX_CHARACTERS, { each: true })
  @Matches(NO_OUTER_SPACE, { each: true, message: `each line in ${NO_OUTER_SPACE_EXPECTED}` })
  addressLines?: string[] | null;
}

@InputType({ description: 'Gives a site up from a day on.' })
export class RetireSiteInput {
  @Field(() => String, { description: 'Code of the site.' })
  @IsString()
  @Matches(SITE_CODE, { message: SITE_CODE_EXPECTED })
  siteCode: string;

  @Field(() => LocalDate, {
    description: 'The first day on which nothing happens there any more; today or later.',
  })
  @IsString()
  retiredOn: string;
}

export const AddSiteResult = resultUnion(
  'AddSiteResult',
  Site,
  [SiteCodeTaken],
  'The new site, or why there is none.',
);

export const RetireSiteResult = resultUnion(
  'RetireSiteResult',
  Site,
  [SiteInUse, InThePast],
  'The site with its last day, or why it stays in use.',
);

export function toSite(row: SiteRow): Site {
  return {
    code: row.code,
    name: row.name,
    addressLines: row.addressLines,
    retiredOn: row.retiredOn && plainDateFromDate(row.retiredOn).toString(),
  };
}
