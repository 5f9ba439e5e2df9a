import { Module } from '@nestjs/common';
import { PublicForms } from './public-form.js';
import { PublicFormDoor } from './public-form-door.js';

/** For the rooms that take forms from people who are not signed in. */
@Module({ providers: [PublicForms, PublicFormDoor], exports: [PublicForms] })
export class PublicFormsModule {}
