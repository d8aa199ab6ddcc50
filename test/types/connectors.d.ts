/* eslint-disable */
// Types of connectors' configurations, as specifications.ts has them: written by npm run types, and not by hand.
export {}; // so that this is a module, and adds to the other one

declare module "airbyte-on-pulumi" {
  export interface SourceConfigurations {
    lake: {
      path?: string;
    };
    "web-shop": {
      /**
       * Where it is. * / export type Escaped = 1; /*
       */
      host: string;
      /**
       * @default 443
       */
      port?: number;
      mode?: "all" | "changes";
      tables?: string[];
      filters?: {
        field: string;
      }[];
      /**
       * Whatever the driver takes.
       */
      options?: {
        [k: string]: unknown;
      };
      headers?: {
        [k: string]: string;
      };
      anything?: unknown;
      /**
       * A secret.
       */
      pin?: number | "${stored}";
      nullable?: string | null;
      address?: {
        city?: string;
      };
      tree?: {
        left?: unknown;
      };
      elsewhere?: unknown;
      pair?: (string | number)[];
      labels?: {
        [k: string]: string;
      };
      /**
       * Of the day.
       *
       * A secret.
       */
      code?: number | "${stored}";
      retries?: {
        most?: number;
        wait?: number;
        policy?: "none" | "some";
      };
      credentials:
        | {
            auth_type: "Key";
            /**
             * A secret.
             */
            key: string;
          }
        | {
            auth_type: "OAuth";
            client_id: string;
            /**
             * A secret.
             */
            refresh_token: string;
          };
    };
  }

  export interface DestinationConfigurations {
    lake: {
      bucket: string;
      /**
       * @default true
       */
      compress?: boolean;
    };
  }
}
