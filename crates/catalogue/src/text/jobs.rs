//! The screen of jobs and what a running job says of itself.

use crate::macros::texts;

texts! {
    JobsTitle: "Jobs", "Задачи";
    JobsEmpty: "No jobs yet", "Задач пока нет";
    JobCancel: "Stop", "Остановить";
    JobResume: "Resume", "Продолжить";
    rows_a_second(rate: number): "{rate} rows/s", "{rate} строк/с";
    bytes_a_second(rate: size): "{rate}/s", "{rate}/с";
    items_a_second(rate: text): "{rate} items/s", "{rate} эл./с";
    samples_a_second(rate: number): "{rate} samples/s", "{rate} прим./с";
}
