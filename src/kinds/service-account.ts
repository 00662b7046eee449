// ServiceAccounts.
import type { ServiceAccount } from '../api/generated/types.ts';
import { defineKind } from './kind.ts';

export const serviceAccount = defineKind<ServiceAccount>({ group: '', kind: 'ServiceAccount', returnsDeleted: true });
