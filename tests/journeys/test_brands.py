"""A brand from an idea to the gallery: the secretary's phone, the committee, the district."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.utils import timezone

from branches.enums import Role
from branches.models import Unit
from brands.enums import Stage, Step
from brands.models import Brand, BrandYear, Scheme
from tests.core.samples.files import photo
from tests.factories.accounts import PASSWORD
from tests.factories.branches import make_branch, make_committee, make_district, make_user
from tests.journeys.conftest import DESK, PHONE, SignIn


@pytest.fixture
def branch(transactional_db: None) -> Unit:
    """A street with one branch, and everybody who moves its brand."""
    district = make_district(name="中共金城区委员会", short_name="金城区委")
    street = make_committee(district, name="中共城关街道工作委员会", short_name="城关街道党工委")
    branch = make_branch(street, name="滨河社区党支部")
    make_user(Role.SECRETARY, branch, username="li", name="李华", password=PASSWORD)
    make_user(Role.COMMITTEE_STAFF, street, username="tao", name="陶春燕", password=PASSWORD)
    make_user(Role.DISTRICT_STAFF, district, username="wang", name="王处长", password=PASSWORD)
    make_user(Role.DISTRICT_STAFF, district, username="zhao", name="赵科长", password=PASSWORD)
    return branch


def test_a_brand_goes_from_an_idea_to_the_gallery(
    branch: Unit, sign_in: SignIn, tmp_path: Path
) -> None:
    today = timezone.localdate()
    phone = sign_in("li", size=PHONE)
    base = phone.url.rstrip("/")

    # 选题 and plan.
    phone.goto(f"{base}/brands/mine/")
    phone.get_by_role("link", name="创建第一个品牌").tap()
    phone.fill("[name=name]", "四点半学校")
    phone.fill("[name=theme]", "放学有去处，家长少牵挂")
    phone.fill("[name=concept]", "孩子的事就是支部的事")
    phone.fill("[name=meaning]", "每天放学后两小时，党员教师轮流值班")
    phone.fill("[name=goal]", "服务三百人次")
    phone.get_by_role("button", name="保存，接着定计划").tap()
    phone.wait_for_selector("h1:has-text('五定计划')")
    phone.fill("[name=name]", "建好课堂")
    phone.fill("[name=owner]", "王小明")
    phone.fill("[name=answerable]", "李华")
    phone.fill("[name=due_on]", today.replace(month=12, day=31).isoformat())
    phone.fill("[name=measure]", "腾出一间房")
    phone.get_by_role("button", name="加入计划").tap()
    phone.wait_for_selector("text=已加入计划")

    # 申报: one tap from the next step.
    phone.locator(".next").get_by_role("link", name="申报").tap()
    phone.fill("[name=document]", "品牌申报表")
    phone.get_by_role("button", name="申报").tap()
    phone.wait_for_selector("text=等上级党（工）委审核")

    # The committee is asked on its first page, and approves.
    committee = sign_in("tao", size=DESK)
    committee.get_by_role("link", name="办理党建品牌").click()
    committee.get_by_role("link", name="四点半学校").click()
    committee.get_by_role("link", name="批准实施").click()
    committee.fill("[name=document]", "城党工委〔2026〕3号")
    committee.get_by_role("button", name="批准实施").click()
    committee.wait_for_selector("text=品牌进入实施和培育")
    assert BrandYear.unscoped.get().stage == Stage.UNDERWAY

    # Done with a picture, list answered, reported.
    picture = tmp_path / "课堂.jpg"
    picture.write_bytes(photo(size=(640, 480)))
    phone.goto(f"{base}/brands/mine/")
    phone.get_by_role("link", name="登记完成").tap()
    phone.fill("[name=evidence]", "课堂已开课，二十六个孩子参加")
    phone.set_input_files("[name=file]", picture)
    phone.get_by_role("button", name="登记完成").tap()
    phone.wait_for_selector("text=填写创建清单")
    phone.get_by_role("link", name="去填写").tap()
    phone.wait_for_selector("h1:has-text('创建清单')")
    for box in phone.locator("textarea").all():
        box.fill("已落实")
    phone.get_by_role("button", name="保存").tap()
    phone.locator(".next").get_by_role("link", name="报请督查").tap()
    phone.fill("[name=document]", "创建总结")
    phone.get_by_role("button", name="报请督查").tap()
    phone.wait_for_selector("text=已报请督查")
    wide = phone.evaluate("document.documentElement.scrollWidth")
    assert wide <= PHONE[0]

    # 督查, review, 审定 by two of the district.
    brand = Brand.unscoped.get()
    page = sign_in("wang", size=DESK)
    page.goto(f"{base}/brands/{brand.uuid}/")
    page.get_by_role("link", name="登记督查").first.click()
    page.fill("[name=findings]", "走访三户居民，都知道、都满意。")
    page.get_by_role("button", name="登记督查").click()
    page.wait_for_selector("text=督查已登记")
    page.get_by_role("link", name="指定评委").click()
    page.get_by_role("checkbox", name="王处长").check()
    page.get_by_role("button", name="指定并通知").click()
    page.wait_for_selector("text=评委已指定")
    page.goto(f"{base}/brands/reviews/")
    page.get_by_role("link", name="四点半学校").click()
    page.wait_for_selector(".brand-sheet")
    for box in page.locator(".brand-sheet input[type=text]").all():
        box.fill("14")
    page.get_by_role("button", name="提交评分").click()
    page.wait_for_selector("text=评分已提交")
    Scheme.unscoped.update(reviewers=1)
    page.goto(f"{base}/brands/{brand.uuid}/")
    page.get_by_role("link", name="汇总评审").click()
    page.get_by_role("button", name="汇总评审").click()
    page.wait_for_selector("text=拟评“良”")
    other = sign_in("zhao", size=DESK)
    other.goto(f"{base}/brands/queue/")
    other.get_by_role("link", name="四点半学校").click()
    other.get_by_role("link", name="审定等次").click()
    other.fill("[name=document]", "审定表1号")
    other.get_by_role("button", name="审定等次").click()
    other.wait_for_selector("text=这一年的创建办结")
    other.get_by_role("link", name="认定品牌").click()
    other.fill("[name=document]", "金组发〔2026〕8号")
    other.get_by_role("button", name="认定品牌").click()
    other.wait_for_selector("text=已认定")
    brand.refresh_from_db()
    assert brand.step == Step.RECOGNISED

    # It is found in the gallery by its initials.
    other.goto(f"{base}/brands/?q=sdbxx")
    assert other.locator(".brand-card").count() == 1
    assert other.locator(".seal-good").is_visible()
