"""How a turn of the script looks in each wire format: as events, as a whole answer, and as an error;
and what a request in that format says. The shapes are proved by the vendors' own SDKs (prove.mjs)."""

import itertools
import json

CREATED = 1_790_000_000
_numbers = itertools.count(1)


def pieces_of(text, size=7):
    """As models send arguments: in pieces that end anywhere. Nothing at all is one piece."""
    return [text[at:at + size] for at in range(0, len(text), size)] or [""]


def strings_in(value):
    """Every text within a JSON value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for item in value:
            yield from strings_in(item)
    elif isinstance(value, dict):
        for item in value.values():
            yield from strings_in(item)


def parsed(text):
    try:
        return json.loads(text)
    except ValueError:
        return text


class Wire:
    """What the formats share. They only hold functions; there is one of each."""

    call_prefix = "call_"

    def completed(self, turn):
        """The turn with everything in it."""
        calls = []
        for call in turn.get("tool_calls", []):
            identity = call["id"] if "id" in call else f"{self.call_prefix}{next(_numbers):06}"
            text = call.get("arguments_text")
            arguments = call.get("arguments", {})
            calls.append({"id": identity, "name": call["name"], "arguments": arguments,
                          "text": json.dumps(arguments) if text is None else text})
        text = turn.get("text", [])
        return turn | {"text": [text] if isinstance(text, str) else text, "tool_calls": calls,
                       "stop": turn.get("stop", "tool_use" if calls else "end"),
                       "usage": turn.get("usage", [31, 17]), "number": next(_numbers)}

    def error(self, kind, message):
        return {"error": {"message": message, "type": kind, "param": None, "code": kind}}

    def texts_in(self, body):
        """All that was given to the model, its own words excepted."""
        for message in body.get("messages", []):
            if message["role"] != "assistant":
                yield from strings_in(message.get("content"))
        yield from strings_in(body.get("tools", []))


class Chat(Wire):
    reasons = {"end": "stop", "tool_use": "tool_calls", "length": "length", "refused": "content_filter"}

    def events(self, turn, body):
        def chunk(delta, reason=None):
            choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": reason}
            return self.line(self.head(turn, body, "chat.completion.chunk") | {"choices": [choice]})

        yield chunk({"role": "assistant", "content": ""})
        if "reasoning" in turn:
            yield chunk({"reasoning_content": turn["reasoning"]})
        for piece in turn["text"]:
            yield chunk({"content": piece})
        for index, call in enumerate(turn["tool_calls"]):
            begun = {"index": index, "id": call["id"], "type": "function",
                     "function": {"name": call["name"], "arguments": ""}}
            if call["id"] is None:
                del begun["id"]
            yield chunk({"tool_calls": [begun]})
            for piece in pieces_of(call["text"]):
                yield chunk({"tool_calls": [{"index": index, "function": {"arguments": piece}}]})
        yield chunk({}, self.reasons[turn["stop"]])
        if turn["usage"] and body.get("stream_options", {}).get("include_usage"):
            yield self.line(self.head(turn, body, "chat.completion.chunk") |
                            {"choices": [], "usage": self.usage(turn)})
        yield "data: [DONE]\n\n"

    def whole(self, turn, body):
        message = {"role": "assistant", "content": "".join(turn["text"]) or None, "refusal": None}
        if turn["tool_calls"]:
            message["tool_calls"] = [
                {"id": call["id"], "type": "function",
                 "function": {"name": call["name"], "arguments": call["text"]}}
                for call in turn["tool_calls"]]
        choice = {"index": 0, "message": message, "logprobs": None,
                  "finish_reason": self.reasons[turn["stop"]]}
        whole = self.head(turn, body, "chat.completion") | {"choices": [choice]}
        return whole | ({"usage": self.usage(turn)} if turn["usage"] else {})

    def error_event(self, kind, message):
        return self.line(self.error(kind, message))

    def calls_in(self, body):
        for message in body.get("messages", []):
            for call in message.get("tool_calls") or []:
                yield call["function"]["name"], parsed(call["function"]["arguments"])

    @staticmethod
    def line(value):
        return f"data: {json.dumps(value)}\n\n"

    @staticmethod
    def head(turn, body, kind):
        return {"id": f"chatcmpl-{turn['number']}", "object": kind, "created": CREATED,
                "model": body["model"]}

    @staticmethod
    def usage(turn):
        taken, given = turn["usage"]
        return {"prompt_tokens": taken, "completion_tokens": given, "total_tokens": taken + given}


class Responses(Wire):
    def events(self, turn, body):
        sequence = itertools.count()

        def event(kind, **fields):
            data = {"type": kind, "sequence_number": next(sequence)} | fields
            return f"event: {kind}\ndata: {json.dumps(data)}\n\n"

        opened = self.response(turn, body, "in_progress", [])
        yield event("response.created", response=opened)
        yield event("response.in_progress", response=opened)
        items = self.items(turn)
        for index, item in enumerate(items):
            begun = item | {"status": "in_progress"} if item["type"] != "reasoning" else item
            where = {"output_index": index, "item_id": item["id"]}
            if item["type"] == "message":
                yield event("response.output_item.added", output_index=index, item=begun | {"content": []})
                part = {"type": "output_text", "text": "", "annotations": []}
                where["content_index"] = 0
                yield event("response.content_part.added", **where, part=part)
                for piece in turn["text"]:
                    yield event("response.output_text.delta", **where, delta=piece, logprobs=[])
                text = "".join(turn["text"])
                yield event("response.output_text.done", **where, text=text, logprobs=[])
                yield event("response.content_part.done", **where, part=part | {"text": text})
            elif item["type"] == "function_call":
                yield event("response.output_item.added", output_index=index, item=begun | {"arguments": ""})
                for piece in pieces_of(item["arguments"]):
                    yield event("response.function_call_arguments.delta", **where, delta=piece)
                yield event("response.function_call_arguments.done", **where, name=item["name"],
                            arguments=item["arguments"])
            else:
                yield event("response.output_item.added", output_index=index, item=begun)
            yield event("response.output_item.done", output_index=index, item=item)
        whole = self.whole(turn, body)
        yield event(f"response.{whole['status']}", response=whole)

    def whole(self, turn, body):
        status = "incomplete" if turn["stop"] in ("length", "refused") else "completed"
        return self.response(turn, body, status, self.items(turn))

    def error_event(self, kind, message):
        data = {"type": "error", "code": kind, "message": message, "param": None, "sequence_number": 99}
        return f"event: error\ndata: {json.dumps(data)}\n\n"

    def texts_in(self, body):
        yield body.get("instructions") or ""
        given = body.get("input", [])
        for item in [given] if isinstance(given, str) else given:
            if isinstance(item, str) or item.get("type") == "function_call_output":
                yield from strings_in(item if isinstance(item, str) else item["output"])
            elif item.get("role", "assistant") != "assistant":
                yield from strings_in(item.get("content"))
        yield from strings_in(body.get("tools", []))

    def calls_in(self, body):
        for item in body.get("input", []):
            if isinstance(item, dict) and item.get("type") == "function_call":
                yield item["name"], parsed(item["arguments"])

    @staticmethod
    def items(turn):
        number = turn["number"]
        items = []
        if "reasoning" in turn:
            items.append({"id": f"rs_{number}", "type": "reasoning", "summary": [],
                          "encrypted_content": f"sealed:{turn['reasoning']}"})
        if turn["text"]:
            content = [{"type": "output_text", "text": "".join(turn["text"]), "annotations": []}]
            items.append({"id": f"msg_{number}", "type": "message", "status": "completed",
                          "role": "assistant", "content": content})
        for index, call in enumerate(turn["tool_calls"]):
            items.append({"id": f"fc_{number}_{index}", "type": "function_call", "status": "completed",
                          "call_id": call["id"], "name": call["name"], "arguments": call["text"]})
        return items

    @staticmethod
    def response(turn, body, status, items):
        reason = {"length": "max_output_tokens", "refused": "content_filter"}.get(turn["stop"])
        usage = None
        if turn["usage"] and status != "in_progress":
            taken, given = turn["usage"]
            usage = {"input_tokens": taken, "input_tokens_details": {"cached_tokens": 0},
                     "output_tokens": given, "output_tokens_details": {"reasoning_tokens": 0},
                     "total_tokens": taken + given}
        return {"id": f"resp_{turn['number']}", "object": "response", "created_at": CREATED,
                "status": status, "error": None, "model": body["model"], "output": items,
                "incomplete_details": {"reason": reason} if status == "incomplete" else None,
                "instructions": body.get("instructions"), "metadata": {}, "parallel_tool_calls": True,
                "temperature": 1.0, "tool_choice": "auto", "tools": body.get("tools", []), "top_p": 1.0,
                "store": body.get("store", True), "usage": usage}


class Anthropic(Wire):
    call_prefix = "toolu_"
    reasons = {"end": "end_turn", "tool_use": "tool_use", "length": "max_tokens", "refused": "refusal"}

    def events(self, turn, body):
        def event(kind, **fields):
            return f"event: {kind}\ndata: {json.dumps({'type': kind} | fields)}\n\n"

        index = itertools.count()

        def block(begun, deltas):
            number = next(index)
            yield event("content_block_start", index=number, content_block=begun)
            for delta in deltas:
                yield event("content_block_delta", index=number, delta=delta)
            yield event("content_block_stop", index=number)

        taken, given = turn["usage"] or (0, 0)
        opened = self.message(turn, body, []) | {
            "stop_reason": None,
            "usage": {"input_tokens": taken, "output_tokens": 1} if turn["usage"] else {}}
        yield event("message_start", message=opened)
        yield event("ping")
        if "reasoning" in turn:
            yield from block({"type": "thinking", "thinking": "", "signature": ""},
                             [{"type": "thinking_delta", "thinking": turn["reasoning"]},
                              {"type": "signature_delta", "signature": self.signature(turn)}])
        if turn["text"]:
            yield from block({"type": "text", "text": ""},
                             [{"type": "text_delta", "text": piece} for piece in turn["text"]])
        for call in turn["tool_calls"]:
            yield from block({"type": "tool_use", "id": call["id"], "name": call["name"], "input": {}},
                             [{"type": "input_json_delta", "partial_json": piece}
                              for piece in [""] + pieces_of(call["text"])])
        yield event("message_delta", usage={"output_tokens": given} if turn["usage"] else {},
                    delta={"stop_reason": self.reasons[turn["stop"]], "stop_sequence": None})
        yield event("message_stop")

    def whole(self, turn, body):
        content = []
        if "reasoning" in turn:
            content.append({"type": "thinking", "thinking": turn["reasoning"],
                            "signature": self.signature(turn)})
        if turn["text"]:
            content.append({"type": "text", "text": "".join(turn["text"])})
        content += [{"type": "tool_use", "id": call["id"], "name": call["name"], "input": call["arguments"]}
                    for call in turn["tool_calls"]]
        return self.message(turn, body, content)

    def message(self, turn, body, content):
        taken, given = turn["usage"] or (0, 0)
        return {"id": f"msg_{turn['number']}", "type": "message", "role": "assistant",
                "model": body["model"], "content": content, "stop_sequence": None,
                "stop_reason": self.reasons[turn["stop"]],
                "usage": {"input_tokens": taken, "output_tokens": given}}

    def error(self, kind, message):
        return {"type": "error", "error": {"type": kind, "message": message}}

    def error_event(self, kind, message):
        return f"event: error\ndata: {json.dumps(self.error(kind, message))}\n\n"

    def texts_in(self, body):
        yield from strings_in(body.get("system", ""))
        yield from super().texts_in(body)

    def calls_in(self, body):
        for message in body.get("messages", []):
            for block in message["content"] if isinstance(message["content"], list) else []:
                if block["type"] == "tool_use":
                    yield block["name"], block["input"]

    @staticmethod
    def signature(turn):
        return f"signed:{turn['reasoning']}"


# By how a path ends.
FORMATS = {"/chat/completions": Chat(), "/responses": Responses(), "/messages": Anthropic()}
