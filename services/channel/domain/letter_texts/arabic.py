"""Mails in Arabic."""

from services.channel.domain.letter_texts.texts import Texts

TEXTS = Texts(
    invitation_subject="دعوة للانضمام إلى {organization} على Frontdesk",
    invitation="تمت دعوتك للانضمام إلى {organization} على Frontdesk.",
    invitation_by="يدعوك {inviter} للانضمام إلى {organization} على Frontdesk.",
    invitation_more="افتح الرابط واختر كلمة مرور للبدء.",
    invitation_button="قبول الدعوة",
    reset_subject="اختر كلمة مرور جديدة لدى {organization}",
    reset="طُلبت كلمة مرور جديدة لحسابك لدى {organization}. افتح الرابط لاختيارها.",
    reset_ignore="إذا لم تطلب ذلك فتجاهل هذه الرسالة: كلمة مرورك لن تتغير.",
    reset_button="اختيار كلمة مرور جديدة",
    test_subject="رسالة تجريبية من {organization}",
    test="هذا اختبار: يستطيع {organization} إرسال البريد عبر Frontdesk.",
    confirm_subject="أكّد عنوانك لدى {business}",
    confirm="لقد تركت هذا العنوان في محادثة {business}. أكّده ليصلك الرد هنا.",
    confirm_ignore="إذا لم تفعل ذلك فتجاهل هذه الرسالة: لن تصلك رسالة أخرى.",
    confirm_button="تأكيد عنواني",
    answer_subject="لديك رد من {business}",
    answer="هذا رد {business} في المحادثة:",
    answer_file="الرد ملف. افتح المحادثة لرؤيته.",
    answer_button="متابعة المحادثة",
    transcript_subject="محادثتك مع {business}",
    transcript="هذه محادثتك مع {business} كما طلبت.",
    no_reply="لا يمكن الرد على هذه الرسالة بعد. يرجى الرد في المحادثة.",
    expires="يعمل الرابط حتى {time}.",
    you="أنت",
    assistant="المساعد",
    agent="خدمة العملاء",
)
