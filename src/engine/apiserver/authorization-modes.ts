// The modes of authorization, as --authorization-mode names them: the first that has an opinion decides.

export const authorizationModes = ['AlwaysAllow', 'AlwaysDeny', 'Node', 'RBAC'] as const;
export type AuthorizationMode = (typeof authorizationModes)[number];
