#!/usr/bin/python3
"""Many at once want what there is only once."""

import json
import sys
import threading
import uuid
from collections import Counter

from harness import equal, expect, run_in_a_shop, test, wait_until

CONNECTIONS = 64
REDEMPTIONS = 10_000


def all_at_once(shop, count, call):
    """Runs call(client, number) `count` times over 64 connections; returns the answers."""
    answers, errors, numbers = [], [], iter(range(count))
    lock, start = threading.Lock(), threading.Barrier(CONNECTIONS)

    def work():
        client = shop.another_client()
        client.call("GET", "//healthz")  # Connected before the race begins.
        start.wait()
        while True:
            with lock:
                number = next(numbers, None)
            if number is None:
                return
            try:
                answer = call(client, number)
                with lock:
                    answers.append(answer)
            except Exception as error:
                with lock:
                    errors.append(error)

    threads = [threading.Thread(target=work) for _ in range(CONNECTIONS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    expect(not errors, f"{len(errors)} calls got no answer, the first: {errors[:1]!r}")
    return answers


def kinds(answers):
    """How often each status, with the error's number."""
    return Counter((a.status, None if a.status < 300 else a.json["code"]) for a in answers)


@test
def ten_thousand_redemptions_of_a_voucher_with_one_use_are_one(piggy, shop):
    contact = shop.new_contact()
    voucher = shop.new_voucher(contact_uuid=contact, total_redemptions_allowed=1)
    wanted = {"code": voucher["code"], "shop_uuid": shop.shop, "contact_uuid": contact}

    answers = all_at_once(shop, REDEMPTIONS, lambda c, _: c.post("/vouchers/redeem", wanted))

    equal(kinds(answers), Counter({(200, None): 1, (400, 80005): REDEMPTIONS - 1}), "the answers")
    found = shop.client.get("/vouchers/find", code=voucher["code"]).data
    equal(found["status"], "REDEEMED", "the voucher's status")
    equal(found["times_redeemed"], 1, "times_redeemed")


@test
def one_key_acts_once_however_many_send_it(piggy, shop):
    contact, key = shop.new_contact(), str(uuid.uuid4())
    wanted = shop.reception(contact, 7)

    answers = all_at_once(
        shop, 1000, lambda c, _: c.post("/credit-receptions", wanted, key=key))

    done = {answer.data["uuid"] for answer in answers if answer.status < 300}
    equal(len(done), 1, "the number of receptions")
    others = [answer for answer in answers if answer.status >= 300]
    expect(all(answer.status == 409 for answer in others), f"refused otherwise: {kinds(others)}")
    expect(all("retry-after" in answer.headers for answer in others), "no advice when to retry")
    equal(shop.balance(contact), 7, "the balance")


@test
def receptions_on_one_contact_are_all_counted(piggy, shop):
    contact = shop.new_contact()
    answers = all_at_once(
        shop, 3000, lambda c, number: c.post(
            "/credit-receptions", shop.reception(contact, number + 1), key=str(uuid.uuid4())))
    equal(kinds(answers), Counter({(200, None): 3000}), "the answers")
    equal(shop.balance(contact), 3000 * 3001 // 2, "the balance")


@test
def many_who_make_the_same_product_get_the_same(piggy, shop):
    wanted = {"external_identifier": uuid.uuid4().hex, "name": "Lantern"}
    answers = all_at_once(shop, 500, lambda c, _: c.post("/products/find-or-create", wanted))
    equal(len({answer.data["uuid"] for answer in answers}), 1, "the number of products")


@test
def many_who_bring_the_same_address_meet_one_contact(piggy, shop):
    email = f"{uuid.uuid4().hex}@example.com"
    answers = all_at_once(shop, 500, lambda c, _: c.get("/contacts/find-or-create", email=email))
    equal(len({answer.data["uuid"] for answer in answers}), 1, "the number of contacts")


@test
def one_of_many_locks_a_voucher(piggy, shop):
    voucher = shop.new_voucher()
    answers = all_at_once(shop, 500, lambda c, _: c.post(f"/vouchers/{voucher['uuid']}/lock"))
    equal(kinds(answers), Counter({(200, None): 1, (400, 80017): 499}), "the answers")


@test
def nobody_pays_more_than_there_is_on_a_gift_card(piggy, shop):
    made = piggy.run("call", "create_giftcard_program", "--account", "demo", "--data", piggy.data, "--name", "Race")
    program = json.loads(made.stdout)["uuid"]
    card = shop.client.post("/giftcards", {"type": 1, "giftcard_program_uuid": program}).data
    move = {"giftcard_uuid": card["uuid"], "shop_uuid": shop.shop}
    equal(shop.client.post("/giftcard-transactions", move | {"amount_in_cents": 10_000}).status, 200, "the load")

    answers = all_at_once(shop, 2000, lambda c, _: c.post(
        "/giftcard-transactions", move | {"amount_in_cents": -300}, key=str(uuid.uuid4())))

    equal(kinds(answers), Counter({(200, None): 33, (400, 5003): 1967}), "the answers")
    equal(shop.client.get(f"/giftcards/{card['uuid']}").data["amount_in_cents"], 100, "what is left")


@test
def friends_who_buy_at_once_are_rewarded_once_each_and_no_more_than_count(piggy, shop):
    ann = shop.new_contact()
    code = shop.client.get(f"/contacts/{ann}").data["current_values"]["referral_code"]
    rules = shop.client.get("/referrals/settings").data
    limit, given = rules["limit_per_contact"], rules["referring_contact_incentive"]["data"]["points"]
    welcome = rules["referred_contact_incentive"]["data"]["points"]
    friends = [shop.client.post("/contacts", {"email": f"{uuid.uuid4().hex}@example.com", "referral_code": code}).data["uuid"]
               for _ in range(limit + 2)]
    states = lambda: Counter(one["status"] for one in shop.client.get("/referrals", referring_contact_uuid=ann).data)
    wait_until(lambda: states() == {"pending": len(friends)}, "the friends")

    answers = all_at_once(shop, 20 * len(friends), lambda c, number: c.post(
        "/credit-receptions", shop.reception(friends[number % len(friends)], 1), key=str(uuid.uuid4())))

    equal(kinds(answers), Counter({(200, None): 20 * len(friends)}), "the answers")
    wait_until(lambda: not states()["pending"], "the ends")
    equal(states(), Counter({"completed": limit, "failed": 2}), "the states")
    equal(shop.balance(ann), limit * given, "what Ann received")
    equal(Counter(map(shop.balance, friends)), Counter({20 + welcome: limit, 20: 2}), "what friends have")


@test
def the_books_balance_afterwards(piggy, shop):
    piggy.verify()


if __name__ == "__main__":
    sys.exit(run_in_a_shop())
