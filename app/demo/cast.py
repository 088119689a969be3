"""The people of the demonstration, all invented."""

from dataclasses import dataclass
from typing import Final

from models.enums import Role
from rectification.office.people import NewPerson

BUREAU: Final = "云岭市交通运输局"
ALIAS: Final = "市交通局"

TOP, LEGAL, ROADS, TRANSPORT, RIDES, OFFICE = (
    "局领导",
    "法规科",
    "路政管理科",
    "综合执法支队",
    "客运管理科",
    "办公室",
)
LED_BY: Final = {LEGAL: "liang", ROADS: "liang", TRANSPORT: "liang", RIDES: "qin", OFFICE: "qin"}

PEOPLE: Final = (
    NewPerson("贺远山", "he", TOP, "局长", (Role.CHIEF,), "", "he@jtj.example.cn"),
    NewPerson("梁启明", "liang", TOP, "副局长", (Role.LEADER,), "", "liang@jtj.example.cn"),
    NewPerson("秦书云", "qin", TOP, "副局长", (Role.LEADER,)),
    NewPerson(
        "苏敏", "su", LEGAL, "一级主任科员", (Role.CLERK, Role.ADMIN), "023-55550101", "su@jtj.example.cn"
    ),
    NewPerson("唐恒", "tang", LEGAL, "科长", (Role.REVIEWER, Role.UNIT_HEAD), "", "tang@jtj.example.cn"),
    NewPerson("魏岚", "wei", OFFICE, "副主任", (Role.REVIEWER, Role.OFFICER), "", "wei@jtj.example.cn"),
    NewPerson("蒋成", "jiang", TRANSPORT, "支队长", (Role.UNIT_HEAD,), "", "jiang@jtj.example.cn"),
    NewPerson("陈立", "chen", TRANSPORT, "案件审核员", (Role.OFFICER,), "", "chen@jtj.example.cn"),
    NewPerson("何静", "hejing", TRANSPORT, "培训专员", (Role.OFFICER,)),
    NewPerson("范文涛", "fan", ROADS, "科长", (Role.UNIT_HEAD, Role.OFFICER), "", "fan@jtj.example.cn"),
    NewPerson("罗兵", "luo", ROADS, "科员", (Role.OFFICER,), "", "luo@jtj.example.cn"),
    NewPerson("邓雨晴", "deng", RIDES, "科长", (Role.UNIT_HEAD, Role.OFFICER), "", "deng@jtj.example.cn"),
    NewPerson("孟洁", "meng", OFFICE, "信息公开专员", (Role.OFFICER,), "", "meng@jtj.example.cn"),
    NewPerson("杜平", "du", LEGAL, "审计组借调", (Role.AUDITOR,)),
)


@dataclass(frozen=True, slots=True)
class DemoLogin:
    """Somebody to look at the demonstration as."""

    login: str
    name: str
    says: str


DEMO_LOGINS: Final = (
    DemoLogin("he", "贺远山", "主要负责人：看总览"),
    DemoLogin("liang", "梁启明", "分管领导：看本条线、审签"),
    DemoLogin("su", "苏敏", "台账管理员：下达、代录、管理"),
    DemoLogin("jiang", "蒋成", "科室负责人：签收、指定责任人"),
    DemoLogin("chen", "陈立", "责任人：报进展、申请销号"),
    DemoLogin("tang", "唐恒", "复核人：复核、退回"),
    DemoLogin("du", "杜平", "查阅人员：只看"),
)
