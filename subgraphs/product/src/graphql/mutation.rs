//! What can be changed.

use super::category::Category;
use super::payloads::{
    CreateCategoryPayload, CreateProductPayload, DeleteCategoryPayload, DeleteProductPayload,
    UpdateCategoryPayload, UpdateProductPayload,
};
use super::product::Product;
use crate::commands::{self, CreateProduct, UpdateProduct};
use crate::{Catalogue, Error};
use async_graphql::{Context, ID, InputObject, MaybeUndefined, Object};
use chassis::graphql::{Decimal, node_id, refused};
use std::sync::Arc;

/// A new product.
#[derive(InputObject)]
pub(crate) struct CreateProductInput {
    /// What it is called; 1 to 200 characters.
    name: String,
    /// What there is to say about it; not blank.
    description: String,
    /// In the shop's currency, at most two decimal places.
    price: Decimal,
    /// The shelf it stands on; none when left out.
    category_id: Option<ID>,
    /// Offered for sale.
    #[graphql(default_with = "Some(true)")]
    is_active: Option<bool>,
}

/// What to change about a product; fields left out stay as they are.
#[derive(InputObject)]
pub(crate) struct UpdateProductInput {
    /// What it is called; 1 to 200 characters.
    name: Option<String>,
    /// What there is to say about it; not blank.
    description: Option<String>,
    /// In the shop's currency, at most two decimal places.
    price: Option<Decimal>,
    /// The shelf it stands on; null takes it off its shelf.
    category_id: MaybeUndefined<ID>,
    /// Offered for sale.
    is_active: Option<bool>,
}

/// A new category.
#[derive(InputObject)]
pub(crate) struct CreateCategoryInput {
    /// What it is called; 1 to 100 characters, unique.
    name: String,
    /// What there is to say about it.
    #[graphql(default_with = "Some(String::new())")]
    description: Option<String>,
}

/// What to change about a category; fields left out stay as they are.
#[derive(InputObject)]
pub(crate) struct UpdateCategoryInput {
    /// What it is called; 1 to 100 characters, unique.
    name: Option<String>,
    /// What there is to say about it.
    description: Option<String>,
}

pub(crate) struct Mutation;

/// What can be changed.
#[Object]
impl Mutation {
    /// Adds a product to the catalogue. It has no stock until the inventory says so.
    async fn create_product(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The new product.")] input: CreateProductInput,
    ) -> Result<CreateProductPayload, Error> {
        let input = CreateProduct {
            name: input.name,
            description: input.description,
            price: input.price.0,
            category_id: input.category_id.map(|id| id.0),
            active: input.is_active.unwrap_or(true),
        };
        let (product, user_errors) =
            refused(commands::create_product(catalogue(ctx), input).await)?;
        Ok(CreateProductPayload { product: product.map(Product), user_errors })
    }

    /// Changes a product. Fields left out stay as they are.
    async fn update_product(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The product's id.")] id: ID,
        #[graphql(desc = "What to change.")] input: UpdateProductInput,
    ) -> Result<UpdateProductPayload, Error> {
        let input = UpdateProduct {
            name: input.name,
            description: input.description,
            price: input.price.map(|price| price.0),
            category_id: match input.category_id {
                MaybeUndefined::Undefined => None,
                MaybeUndefined::Null => Some(None),
                MaybeUndefined::Value(id) => Some(Some(id.0)),
            },
            active: input.is_active,
        };
        let updated = commands::update_product(catalogue(ctx), &id, input).await;
        let (product, user_errors) = refused(updated)?;
        Ok(UpdateProductPayload { product: product.map(Product), user_errors })
    }

    /// Deletes a product and ends its stock. Orders keep its name and price.
    async fn delete_product(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The product's id.")] id: ID,
    ) -> Result<DeleteProductPayload, Error> {
        let (deleted, user_errors) = refused(commands::delete_product(catalogue(ctx), &id).await)?;
        let deleted_node_id = deleted.map(|id| node_id("Product", id));
        let deleted_product_id = deleted.map(|id| ID(id.to_string()));
        Ok(DeleteProductPayload { deleted_product_id, deleted_node_id, user_errors })
    }

    /// Opens a category.
    async fn create_category(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The new category.")] input: CreateCategoryInput,
    ) -> Result<CreateCategoryPayload, Error> {
        let description = input.description.unwrap_or_default();
        let created = commands::create_category(catalogue(ctx), &input.name, &description).await;
        let (category, user_errors) = refused(created)?;
        Ok(CreateCategoryPayload { category: category.map(Category), user_errors })
    }

    /// Changes a category. Fields left out stay as they are.
    async fn update_category(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The category's id.")] id: ID,
        #[graphql(desc = "What to change.")] input: UpdateCategoryInput,
    ) -> Result<UpdateCategoryPayload, Error> {
        let (name, description) = (input.name.as_deref(), input.description.as_deref());
        let updated = commands::update_category(catalogue(ctx), &id, name, description).await;
        let (category, user_errors) = refused(updated)?;
        Ok(UpdateCategoryPayload { category: category.map(Category), user_errors })
    }

    /// Deletes a category and its products, and ends their stock. The category is gone at once. Of a
    /// category with more than 1,000 products, the others are deleted after the answer.
    async fn delete_category(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The category's id.")] id: ID,
    ) -> Result<DeleteCategoryPayload, Error> {
        let (deleted, user_errors) = refused(commands::delete_category(catalogue(ctx), &id).await)?;
        let deleted_node_id = deleted.map(|id| node_id("Category", id));
        let deleted_category_id = deleted.map(|id| ID(id.to_string()));
        Ok(DeleteCategoryPayload { deleted_category_id, deleted_node_id, user_errors })
    }
}

fn catalogue<'c>(ctx: &Context<'c>) -> &'c Catalogue {
    ctx.data_unchecked::<Arc<Catalogue>>()
}
