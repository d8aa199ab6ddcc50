import type { Type } from "./plugin.ts";

const text = (value: unknown) => value as string;
const made = () => `airbyte-${Math.random().toString(36).slice(2)}`;

/** The types of who may do what. */
export function iamTypes(
  call: (service: string, operation: string, parameters: object) => Promise<unknown>,
): Record<string, Type> {
  const iam = (operation: string, parameters: object) => call("iam", operation, parameters);
  const role: Type = {
    async create({ assumeRolePolicy, description }) {
      const name = made();
      const parameters = { RoleName: name, AssumeRolePolicyDocument: assumeRolePolicy, Description: description };
      const { Role } = (await iam("create_role", parameters)) as { Role: { Arn: string } };
      return { id: name, outs: { name, arn: Role.Arn } };
    },
    delete: async (id) => void (await iam("delete_role", { RoleName: id })),
  };

  return {
    "aws:iam/role:Role": role,
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment": {
      async create({ role, policyArn }) {
        await iam("attach_role_policy", { RoleName: role, PolicyArn: policyArn });
        return { id: `${text(role)}-${text(policyArn)}` };
      },
      delete: async (_id, { role, policyArn }) =>
        void (await iam("detach_role_policy", { RoleName: role, PolicyArn: policyArn })),
    },
    "aws:iam/rolePolicy:RolePolicy": {
      async create({ role, policy }) {
        const name = made();
        await iam("put_role_policy", { RoleName: role, PolicyName: name, PolicyDocument: policy });
        return { id: `${text(role)}:${name}`, outs: { name } };
      },
      delete: async (id, { role }) =>
        void (await iam("delete_role_policy", { RoleName: role, PolicyName: id.split(":")[1] })),
    },
    "aws:iam/instanceProfile:InstanceProfile": {
      async create({ role }) {
        const name = made();
        await iam("create_instance_profile", { InstanceProfileName: name });
        await iam("add_role_to_instance_profile", { InstanceProfileName: name, RoleName: role });
        return { id: name, outs: { name } };
      },
      async delete(id, { role }) {
        await iam("remove_role_from_instance_profile", { InstanceProfileName: id, RoleName: role });
        await iam("delete_instance_profile", { InstanceProfileName: id });
      },
    },
  };
}
