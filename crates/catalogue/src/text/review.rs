//! The review screen.

use crate::macros::texts;

texts! {
    ReviewTitle: "Review", "Проверка";
    ReviewApprove: "Approve", "Подтвердить";
    ReviewCorrect: "Correct", "Исправить";
    ReviewSkip: "Skip", "Отложить";
    ReviewReject: "Reject", "Отклонить";
    ReviewUndo: "Undo", "Отменить";
    ReviewEmpty: "Nothing waits for review", "Проверять нечего";
    review_left(left: items): "{left} left", "осталось {left}";
}
