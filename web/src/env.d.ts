interface ImportMetaEnv {
  /** Set in the build of the chat's page alone. */
  readonly FRONTDESK_CHAT?: boolean;
}
