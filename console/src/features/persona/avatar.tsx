import { join } from "~/ui/class";

const sizes = { small: "size-7 text-sm", medium: "size-9 text-lg", large: "size-14 text-3xl" } as const;

/** A persona's emoji or picture, or the first letter of its name. Pictures come from this server alone. */
export function Avatar({ avatar, name, size = "medium", off }: {
  avatar: string | undefined; name: string; size?: keyof typeof sizes; off?: boolean;
}) {
  const picture = avatar?.startsWith("data:image/") || /^\/(?!\/)/.test(avatar ?? "");
  const emoji = avatar && !picture && [...avatar].length <= 4 && !/[\w<>"]/.test(avatar);
  return (
    <span aria-hidden="true" className={join("grid shrink-0 place-items-center overflow-hidden rounded-full bg-blush font-semibold text-pink uppercase",
                                             sizes[size], off && "opacity-60 grayscale")}>
      {picture ? <img src={avatar} alt="" className="size-full object-cover" /> : emoji ? avatar : [...name].find((one) => /[\p{L}\p{N}\p{P}\p{S}]/u.test(one)) ?? "?"}
    </span>
  );
}
