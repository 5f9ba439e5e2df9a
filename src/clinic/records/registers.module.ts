import { Module } from '@nestjs/common';
import { RetentionClasses } from './retention-class.type.js';
import { SubjectAccess } from './subject-access.type.js';

/** For rooms that take part: where they enter what they hold. What is done with it is the room's own business. */
@Module({ providers: [RetentionClasses, SubjectAccess], exports: [RetentionClasses, SubjectAccess] })
export class RecordRegistersModule {}
